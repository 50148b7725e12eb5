using Bunit;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using PerfPortal.Domain.Journal;
using PerfPortal.Domain.Operations;
using PerfPortal.Server.Pages.Layout;
using PerfPortal.Server.Views;
using PerfPortal.Server.Views.Losses;
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
        notices.WaitForAssertion(() => Assert.Contains("Operations and samples before 2026-02-28 08:00 were deleted early", notices.Markup, StringComparison.Ordinal));
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

    [Fact]
    public async Task What_a_program_dropped_is_said_on_every_page_for_a_day()
    {
        await using var bench = new JournalBench();
        var time = new FakeTimeProvider(PortalContext.Noon);
        var book = new LossBook();
        using var context = Context(bench, new(new(), new(time, new(_ => 1, 1, 1, 1))), new(book, time));
        var notices = context.Render<Notices>();
        Assert.Empty(notices.FindAll(".mud-alert"));

        var loss = new Loss(Guid.CreateVersion7(), "gpu-3", LossReason.PortalUnreachable, null, 1_204, 0, PortalContext.Noon.AddMinutes(-17), PortalContext.Noon);
        book.Tell(loss);
        context.Time.Advance(TimeSpan.FromSeconds(1));
        notices.WaitForAssertion(() => Assert.StartsWith(
            "1,204 operations of gpu-3 were dropped between 2026-03-04 11:43 and 2026-03-04 12:00, because the portal could not be reached.",
            notices.Find(".mud-alert[role=status]").TextContent.Trim(), StringComparison.Ordinal));

        // Whoever reads the page can follow the link.
        Assert.EndsWith("/resources", notices.Find(".mud-alert[role=status] a").GetAttribute("href")!.Split('?')[0], StringComparison.Ordinal);
        foreach (string source in new[] { "gpu-4", "gpu-5", "gpu-6", "gpu-7" })
        {
            book.Tell(loss with { Source = source, Operations = 1 });
        }

        context.Time.Advance(TimeSpan.FromSeconds(1));
        notices.WaitForAssertion(() => Assert.Contains("2 more sources lost reports.", notices.Markup, StringComparison.Ordinal));

        time.Advance(TimeSpan.FromHours(24));
        context.Time.Advance(TimeSpan.FromSeconds(1));
        notices.WaitForAssertion(() => Assert.Empty(notices.FindAll(".mud-alert")));
    }

    private static PortalContext Context(JournalBench bench, StorageLimit limit, LossNotice? losses = null)
    {
        var context = new PortalContext(add: services => services.AddSingleton(new NoticeReader(bench.Journal, limit, losses ?? new(new(), TimeProvider.System))));
        _ = context.State;
        return context;
    }
}
