using Bunit;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using PerfPortal.Domain.Journal;
using PerfPortal.Server.Pages.Layout;
using PerfPortal.Server.Views;
using PerfPortal.Tests.Journal;
using Xunit;

namespace PerfPortal.Tests.Pages.Layout;

public sealed class NoticesTests
{
    [Fact]
    public async Task A_full_disk_is_said_on_every_page_until_there_is_room_again()
    {
        await using var bench = new JournalBench();
        using var context = Context(bench, new(new(), new(TimeProvider.System, new(_ => 1, 1, 1, 1))));
        var notices = context.Render<Notices>();
        Assert.Empty(notices.FindAll(".mud-alert"));

        bench.Store.FailureKind = StoreFailureKind.DiskFull;
        bench.Store.FailCommit = _ => new TimeoutException("full");
        bench.Begin();
        Assert.True(bench.Journal.TrySubmit(new OperationEnded(MemoryJournal.Op())));
        await JournalBench.WhenAsync(() => !bench.Journal.Status.IsHealthy);
        context.Time.Advance(TimeSpan.FromSeconds(2));
        notices.WaitForAssertion(() => Assert.StartsWith("The disk is full: reports cannot be stored.", notices.Find(".mud-alert").TextContent.Trim(), StringComparison.Ordinal));

        bench.Store.FailCommit = _ => null;
        await bench.UntilAsync(() => bench.Journal.Status.IsHealthy);
        context.Time.Advance(TimeSpan.FromSeconds(2));
        notices.WaitForAssertion(() => Assert.Empty(notices.FindAll(".mud-alert")));
    }

    [Fact]
    public async Task A_page_that_cannot_be_loaded_says_that_reports_are_accepted_only_while_they_are()
    {
        await using var bench = new JournalBench();
        var readiness = new PortalReadiness();
        Assert.StartsWith("New reports are not accepted", JournalTrouble.StillWorks(readiness, bench.Journal), StringComparison.Ordinal);
        readiness.Set();
        Assert.StartsWith("New reports are still accepted", JournalTrouble.StillWorks(readiness, bench.Journal), StringComparison.Ordinal);

        bench.Store.FailCommit = _ => new TimeoutException("full");
        bench.Begin();
        Assert.True(bench.Journal.TrySubmit(new OperationEnded(MemoryJournal.Op())));
        await JournalBench.WhenAsync(() => !bench.Journal.Status.IsHealthy);
        Assert.StartsWith("New reports are not accepted", JournalTrouble.StillWorks(readiness, bench.Journal), StringComparison.Ordinal);
        Assert.Equal("Writing to the database fails: reports cannot be stored. full", JournalTrouble.Of(bench.Journal.Status));
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

    [Fact]
    public async Task The_notice_of_the_size_limit_comes_when_data_is_deleted_early_and_goes_with_it()
    {
        await using var bench = new JournalBench();
        var time = new FakeTimeProvider(PortalContext.Noon);
        var horizons = new RetentionHorizons(time, new(_ => 168, 168, 840, 19_200));
        var limit = new StorageLimit(new() { MaxDatabaseMb = 16 }, horizons);
        using var context = Context(bench, limit);
        var notices = context.Render<Notices>();
        Assert.Empty(notices.FindAll(".mud-alert"));

        horizons.Raise(new(PortalContext.Noon.AddHours(-100), DateTimeOffset.MinValue, DateTimeOffset.MinValue));
        limit.Update(15 << 20, false);
        context.Time.Advance(TimeSpan.FromSeconds(1));
        notices.WaitForAssertion(() => Assert.Contains("Operations and samples before 2026-02-28 08:00 UTC were deleted early", notices.Markup, StringComparison.Ordinal));
        Assert.Equal("status", notices.Find(".mud-alert").GetAttribute("role"));

        limit.Update(17 << 20, true);
        context.Time.Advance(TimeSpan.FromSeconds(1));
        notices.WaitForAssertion(() => Assert.Contains("17 MiB, more than its limit of 16 MiB", notices.Markup, StringComparison.Ordinal));

        time.Advance(TimeSpan.FromHours(69));
        limit.Update(15 << 20, false);
        context.Time.Advance(TimeSpan.FromSeconds(1));
        notices.WaitForAssertion(() => Assert.Empty(notices.FindAll(".mud-alert")));
    }

    [Fact]
    public async Task A_rebuild_that_begins_while_a_page_is_open_is_said_on_it_until_it_ends()
    {
        await using var bench = new JournalBench();
        using var context = Context(bench, new(new(), new(TimeProvider.System, new(_ => 1, 1, 1, 1))));
        var notices = context.Render<Notices>();

        bench.Rollups.MarkStale([1, 2]);
        context.Time.Advance(TimeSpan.FromSeconds(1));
        notices.WaitForAssertion(() => Assert.StartsWith("The figures of 2 minutes are being rebuilt", notices.Find(".mud-alert[role=status]").TextContent.Trim(), StringComparison.Ordinal));

        await bench.Rollups.RebuildAsync(bench.Store, TimeSpan.MaxValue, JournalBench.Token);
        context.Time.Advance(TimeSpan.FromSeconds(1));
        notices.WaitForAssertion(() => Assert.Empty(notices.FindAll(".mud-alert")));
    }

    private static PortalContext Context(JournalBench bench, StorageLimit limit)
    {
        var context = new PortalContext(add: services => services.AddSingleton(new NoticeReader(bench.Journal, limit)));
        _ = context.State;
        return context;
    }
}
