using Bunit;
using Microsoft.Extensions.DependencyInjection;
using PerfPortal.Domain.Journal;
using PerfPortal.Server.Pages.Layout;
using PerfPortal.Server.Views;
using PerfPortal.Tests.Journal;
using Xunit;

namespace PerfPortal.Tests.Pages.Layout;

public sealed class StatusBannerTests
{
    [Fact]
    public async Task A_full_disk_is_said_on_every_page_until_there_is_room_again()
    {
        await using var bench = new JournalBench();
        using var context = new PortalContext(add: services => services.AddSingleton(new PipelineReader(bench.Journal, new(new(1, 1)), new(new(), new(TimeProvider.System, new(_ => 1, 1, 1, 1))))));
        _ = context.State;
        var banner = context.Render<StatusBanner>();
        Assert.Empty(banner.FindAll(".notice"));

        bench.Store.FailureKind = StoreFailureKind.DiskFull;
        bench.Store.FailCommit = _ => new TimeoutException("full");
        bench.Begin();
        Assert.True(bench.Journal.TrySubmit(new OperationEnded(MemoryJournal.Op())));
        await JournalBench.WhenAsync(() => !bench.Journal.Status.IsHealthy);
        context.Time.Advance(TimeSpan.FromSeconds(2));
        banner.WaitForAssertion(() => Assert.StartsWith("The disk is full: reports cannot be stored.", banner.Find(".notice").TextContent, StringComparison.Ordinal));

        bench.Store.FailCommit = _ => null;
        await bench.UntilAsync(() => bench.Journal.Status.IsHealthy);
        context.Time.Advance(TimeSpan.FromSeconds(2));
        banner.WaitForAssertion(() => Assert.Empty(banner.FindAll(".notice")));
    }

    [Fact]
    public void Each_trouble_has_a_sentence_and_no_trouble_has_none()
    {
        var fine = new JournalStatus(0, OperationJournal.Capacity, 0, 0, 0, null, null);
        Assert.Null(JournalTrouble.Of(fine));
        Assert.Equal("The report queue is full.", JournalTrouble.Of(fine with { Queued = OperationJournal.Capacity }));
        Assert.Equal("Storing reports is stalled: the current write has been running for more than 10 s.", JournalTrouble.Of(fine with { StalledFor = TimeSpan.FromSeconds(17) }));
        Assert.Equal("Writing to the database fails: reports cannot be stored.", JournalTrouble.Of(fine with { FailingSince = MemoryJournal.Start }));
    }
}
