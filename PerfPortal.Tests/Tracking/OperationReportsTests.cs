using PerfPortal.Domain.Journal;
using PerfPortal.Domain.Operations;
using PerfPortal.Domain.Tracking;
using PerfPortal.Tests.Journal;
using Xunit;
using static PerfPortal.Tests.Tracking.TrackingBench;

namespace PerfPortal.Tests.Tracking;

public sealed class OperationReportsTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_start_twice_is_one_operation_and_one_after_the_end_changes_nothing()
    {
        await using var bench = new TrackingBench();
        var operation = Running();
        Assert.Equal(ReportOutcome.Accepted, (await bench.Reports.StartAsync(operation, Token)).Outcome);
        Assert.Equal(ReportOutcome.Unchanged, (await bench.Reports.StartAsync(operation with { Name = "other" }, Token)).Outcome);
        Assert.Equal((1, "load"), (bench.Active.Count, bench.Active.Find(operation.Id)!.Current.Name));
        Assert.True(bench.Store.Running.ContainsKey(operation.Id));
        await bench.Reports.CompleteAsync(operation.Id, As(OperationStatus.Succeeded), Token);
        var late = await bench.Reports.StartAsync(operation, Token);
        Assert.Equal((ReportOutcome.Unchanged, OperationStatus.Succeeded, 0), (late.Outcome, late.Operation!.Status, bench.Active.Count));
        Assert.Empty(bench.Store.Running);
    }

    [Fact]
    public async Task Of_many_completions_at_once_one_counts_and_each_gets_an_answer()
    {
        await using var bench = new TrackingBench();
        for (int round = 0; round < 20; round++)
        {
            var operation = Running();
            await bench.Reports.StartAsync(operation, Token);
            var results = await Task.WhenAll(Enumerable.Range(0, 8).Select(i => Task.Run(
                () => bench.Reports.CompleteAsync(operation.Id, As(i % 2 == 0 ? OperationStatus.Succeeded : OperationStatus.Failed), Token), Token)));
            var first = Assert.Single(results, result => result.Outcome == ReportOutcome.Accepted);
            Assert.Equal(3, results.Count(result => result.Outcome == ReportOutcome.Unchanged));
            Assert.Equal(4, results.Count(result => result.Outcome == ReportOutcome.Contradicted));
            Assert.Equal(first.Operation!.Status, bench.Store.Ended[operation.Id].Status);
        }

        Assert.Equal(0, bench.Active.Count);
    }

    [Fact]
    public async Task An_end_that_could_not_be_stored_leaves_the_operation_to_be_ended_again()
    {
        await using var bench = new TrackingBench();
        var operation = Running();
        await bench.Reports.StartAsync(operation, Token);
        bench.Store.FailCommit = _ => new InvalidDataException("bad");
        await Assert.ThrowsAsync<InvalidDataException>(() => bench.Reports.CompleteAsync(operation.Id, As(OperationStatus.Succeeded), Token));
        await Assert.ThrowsAsync<InvalidDataException>(() => bench.Reports.StartAsync(Running(), Token));
        Assert.Equal(1, bench.Active.Count);
        bench.Store.FailCommit = _ => null;
        Assert.Equal(ReportOutcome.Accepted, (await bench.Reports.CompleteAsync(operation.Id, As(OperationStatus.Succeeded), Token)).Outcome);
        Assert.Equal(0, bench.Active.Count);
    }

    [Fact]
    public async Task Nobody_knows_an_operation_that_never_began()
    {
        await using var bench = new TrackingBench();
        Assert.Equal(ReportOutcome.Unknown, (await bench.Reports.CompleteAsync(Guid.NewGuid(), As(OperationStatus.Failed), Token)).Outcome);
        Assert.Equal(ReportOutcome.Unknown, (await bench.Reports.UpdateAsync(Guid.NewGuid(), null, [], Token)).Outcome);
    }

    [Fact]
    public async Task Ends_in_the_future_too_long_or_before_the_retention_are_rejected_and_the_operation_goes_on()
    {
        await using var bench = new TrackingBench();
        var operation = Running();
        await bench.Reports.StartAsync(operation, Token);
        foreach (var (ending, word) in new[]
        {
            (As(OperationStatus.Succeeded) with { EndTime = MemoryJournal.Start.AddMinutes(6) }, "future"),
            (As(OperationStatus.Failed) with { Duration = TimeSpan.FromMinutes(6) }, "future"),
        })
        {
            var result = await bench.Reports.CompleteAsync(operation.Id, ending, Token);
            Assert.Equal(ReportOutcome.Rejected, result.Outcome);
            Assert.Contains(word, result.Reason, StringComparison.Ordinal);
        }

        var batch = await bench.Reports.RecordAsync(
            [MemoryJournal.Op(-3600 * 169), MemoryJournal.Op(0, 1.1e7), MemoryJournal.Op(0)], Token);
        Assert.Equal([ReportOutcome.Rejected, ReportOutcome.Rejected, ReportOutcome.Accepted], batch.Select(result => result.Outcome));
        Assert.Equal((1, 1), (bench.Active.Count, bench.Store.Ended.Count));
    }

    [Fact]
    public async Task A_batch_ends_what_is_in_progress_and_keeps_what_was_said_at_its_start()
    {
        await using var bench = new TrackingBench();
        var operation = Running(startedAfter: -20) with { Metadata = Metadata.Of([new("a", MetadataValue.From(1L)), new("b", MetadataValue.From(1L))]) };
        await bench.Reports.StartAsync(operation, Token);
        var reported = MemoryJournal.Op(0, 5, OperationStatus.Failed, "other", id: operation.Id) with { Metadata = Metadata.Of([new("b", MetadataValue.From(2L))]) };
        var results = await bench.Reports.RecordAsync([reported, reported, MemoryJournal.Op(1)], Token);
        Assert.Equal([ReportOutcome.Accepted, ReportOutcome.Unchanged, ReportOutcome.Accepted], results.Select(result => result.Outcome));
        var ended = bench.Store.Ended[operation.Id];
        Assert.Equal(("load", TimeSpan.FromSeconds(20), 1d, 2d), (ended.Name, ended.Duration, ended.Metadata["a"].Numeric, ended.Metadata["b"].Numeric));
        Assert.Equal(0, bench.Active.Count);
        Assert.Empty(bench.Store.Running);
    }

    [Theory]
    [InlineData(OperationStatus.Succeeded)]
    [InlineData(OperationStatus.Failed)]
    [InlineData(OperationStatus.Cancelled)]
    public async Task An_end_in_a_batch_leaves_the_same_events_as_a_single_end(OperationStatus status)
    {
        await using var bench = new TrackingBench();
        var (single, batched) = (Running(), Running());
        await bench.Reports.StartAsync(single, Token);
        await bench.Reports.StartAsync(batched, Token);
        bench.Advance(7);
        await bench.Reports.CompleteAsync(single.Id, As(status) with { EndTime = bench.Time.GetUtcNow() }, Token);
        await bench.Reports.RecordAsync([MemoryJournal.Op(7, 7, status, id: batched.Id)], Token);
        Assert.Equal(["started", status.WireName()], bench.Store.Ended[batched.Id].Events.Select(one => one.Kind));
        Assert.Equal(bench.Store.Ended[single.Id].Events, bench.Store.Ended[batched.Id].Events);
    }

    [Fact]
    public async Task An_operation_that_a_batch_ends_and_then_names_wrongly_has_ended()
    {
        await using var bench = new TrackingBench();
        var operation = Running();
        await bench.Reports.StartAsync(operation, Token);
        var results = await bench.Reports.RecordAsync([MemoryJournal.Op(0, id: operation.Id), MemoryJournal.Op(3600, id: operation.Id)], Token);
        Assert.Equal([ReportOutcome.Accepted, ReportOutcome.Rejected], results.Select(result => result.Outcome));
        Assert.Equal(0, bench.Active.Count);
    }

    [Fact]
    public async Task A_batch_that_fails_gives_its_operations_back()
    {
        await using var bench = new TrackingBench();
        var operation = Running();
        await bench.Reports.StartAsync(operation, Token);
        bench.Store.FailCommit = _ => new InvalidDataException("bad");
        await Assert.ThrowsAsync<InvalidDataException>(() => bench.Reports.RecordAsync([MemoryJournal.Op(0, id: operation.Id)], Token));
        bench.Store.FailCommit = _ => null;
        Assert.Equal(1, bench.Active.Count);
        Assert.Equal(ReportOutcome.Accepted, (await bench.Reports.CompleteAsync(operation.Id, As(OperationStatus.Cancelled), Token)).Outcome);
    }

    [Fact]
    public async Task What_was_given_up_is_replaced_by_a_late_end_and_counts_once()
    {
        await using var bench = new TrackingBench();
        var operation = Running();
        await bench.Reports.StartAsync(operation, Token);
        await bench.Reports.CompleteAsync(operation.Id, As(OperationStatus.Abandoned), Token);
        bench.Advance(30);
        var late = await bench.Reports.CompleteAsync(operation.Id, As(OperationStatus.Succeeded), Token);
        Assert.Equal(ReportOutcome.Accepted, late.Outcome);
        Assert.Equal(ReportOutcome.Contradicted, (await bench.Reports.CompleteAsync(operation.Id, As(OperationStatus.Failed), Token)).Outcome);
        var total = (await new StatisticsReader(bench.Store, bench.Journal.Rollups, bench.Horizons)
            .ReadAsync(new(new(MemoryJournal.Start.AddSeconds(-30), MemoryJournal.Start.AddSeconds(90)), SeriesFilter.Everyone), Token)).Total;
        Assert.Equal((1, 0), (total.Succeeded, total.Abandoned));
    }

    [Fact]
    public async Task What_was_given_up_and_reports_again_is_in_progress_once_more()
    {
        await using var bench = new TrackingBench();
        var operation = Running();
        await bench.Reports.StartAsync(operation, Token);
        await bench.Reports.CompleteAsync(operation.Id, As(OperationStatus.Abandoned), Token);
        Assert.Equal(ReportOutcome.Accepted, (await bench.Reports.UpdateAsync(operation.Id, new(5, 10, "files"), [], Token)).Outcome);
        Assert.Equal((OperationStatus.Running, 5d), (bench.Active.Find(operation.Id)!.Current.Status, bench.Active.Find(operation.Id)!.Current.Progress!.Value.Done));
        Assert.Contains(bench.Active.Find(operation.Id)!.Current.Events, item => item.Kind == "revived");
        Assert.Equal(ReportOutcome.Accepted, (await bench.Reports.CompleteAsync(operation.Id, As(OperationStatus.Succeeded), Token)).Outcome);
        Assert.Equal(OperationStatus.Succeeded, bench.Store.Ended[operation.Id].Status);
        Assert.Equal(ReportOutcome.Contradicted, (await bench.Reports.UpdateAsync(operation.Id, null, [], Token)).Outcome);
        Assert.Empty(bench.Store.Running);
    }

    [Fact]
    public async Task A_report_during_the_start_is_still_to_be_stored()
    {
        await using var bench = new TrackingBench();
        var gate = new TaskCompletionSource();
        bench.Store.CommitMay = gate.Task;
        var operation = Running();
        var start = bench.Reports.StartAsync(operation, Token);
        await bench.Reports.UpdateAsync(operation.Id, new(7, null, null), [], Token);
        gate.SetResult();
        await start;
        await bench.Keeper.StepAsync(Token);
        Assert.Equal(7, bench.Store.Running[operation.Id].Progress?.Done);
    }

    [Fact]
    public void There_is_room_for_so_many_and_no_more()
    {
        var active = new ActiveOperations();
        var first = Running();
        active.TryAdd(first, MemoryJournal.Start, out _);
        for (int i = 1; i < ActiveOperations.Capacity; i++)
        {
            Assert.NotNull(active.TryAdd(first with { Id = Guid.NewGuid() }, MemoryJournal.Start, out bool isNew));
            Assert.True(isNew);
        }

        Assert.Null(active.TryAdd(Running(), MemoryJournal.Start, out _));
        Assert.NotNull(active.TryAdd(first, MemoryJournal.Start, out bool known));
        Assert.False(known);
        active.Remove(first.Id);
        active.Remove(first.Id);
        Assert.Equal(ActiveOperations.Capacity - 1, active.Count);
        Assert.NotNull(active.TryAdd(Running(), MemoryJournal.Start, out _));
    }

    [Theory]
    [InlineData("a", null, null, 100d, "bytes")]
    [InlineData("b", null, "bytes", 100d, "bytes")]
    [InlineData("c", 200d, null, 200d, "bytes")]
    [InlineData("d", null, "files", null, "files")]
    public async Task Progress_without_a_total_keeps_the_known_one_unless_it_is_in_another_unit(string what, double? total, string? unit, double? expectedTotal, string expectedUnit)
    {
        await using var bench = new TrackingBench();
        var operation = Running() with { Progress = new(10, 100, "bytes") };
        await bench.Reports.StartAsync(operation, Token);
        var updated = await bench.Reports.UpdateAsync(operation.Id, new(50, total, unit), [], Token);
        Assert.True(updated.Operation!.Progress == new Progress(50, expectedTotal, expectedUnit), what);

        using var scope = bench.Tracker.Start(MetricType.ModelOperation, "own");
        scope.Report(10, 100, "bytes");
        scope.Report(50, total, unit);
        Assert.True(bench.Active.List().Single(active => active.IsInProcess).Current.Progress == new Progress(50, expectedTotal, expectedUnit), what);
    }

    [Theory]
    [InlineData(40, 40, 0, "64 members")]
    [InlineData(3, 3, 3_000, "16384")]
    public async Task Metadata_that_is_within_its_limits_only_before_it_is_merged_is_rejected_whichever_way_it_is_sent(int before, int added, int length, string limit)
    {
        await using var bench = new TrackingBench();
        Metadata Members(char prefix, int count) => Metadata.Of(Enumerable.Range(0, count).Select(i => KeyValuePair.Create($"{prefix}{i}", MetadataValue.From(new string('x', length)))));
        var operation = Running() with { Metadata = Members('a', before) };
        var more = Members('b', added);
        await bench.Reports.StartAsync(operation, Token);
        void Rejected(ReportResult result)
        {
            Assert.Equal((ReportOutcome.Rejected, "metadata"), (result.Outcome, result.Rejection?.Field));
            Assert.Contains(limit, result.Reason, StringComparison.Ordinal);
        }

        Rejected(Assert.Single(await bench.Reports.RecordAsync([MemoryJournal.Op(0, 5, id: operation.Id) with { Metadata = more }], Token)));
        Rejected(await bench.Reports.UpdateAsync(operation.Id, null, [.. more], Token));
        Rejected(await bench.Reports.CompleteAsync(operation.Id, As(OperationStatus.Succeeded) with { Metadata = [.. more] }, Token));
        Assert.Equal(before, bench.Active.Find(operation.Id)!.Current.Metadata.Count);

        bench.Advance(301);
        await bench.Keeper.StepAsync(Token);
        Rejected(await bench.Reports.UpdateAsync(operation.Id, null, [.. more], Token));
        Assert.Equal(OperationStatus.Abandoned, bench.Store.Ended[operation.Id].Status);
        Assert.Equal(ReportOutcome.Accepted, (await bench.Reports.UpdateAsync(operation.Id, null, [], Token)).Outcome);
        Assert.Equal(ReportOutcome.Accepted, Assert.Single(await bench.Reports.RecordAsync([MemoryJournal.Op(0, 5, id: operation.Id)], Token)).Outcome);
    }
}
