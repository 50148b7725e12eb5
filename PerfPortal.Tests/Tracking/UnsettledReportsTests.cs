using PerfPortal.Domain.Journal;
using PerfPortal.Domain.Operations;
using PerfPortal.Domain.Tracking;
using PerfPortal.Tests.Journal;
using Xunit;
using static PerfPortal.Tests.Tracking.TrackingBench;

namespace PerfPortal.Tests.Tracking;

/// <summary>Operations in progress whose reports are not stored, or not yet.</summary>
public sealed class UnsettledReportsTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task An_abandoned_operation_that_reports_again_while_nothing_can_be_stored_stays_abandoned()
    {
        await using var bench = new TrackingBench();
        var operation = Running();
        await bench.Reports.StartAsync(operation, Token);
        await bench.Reports.CompleteAsync(operation.Id, As(OperationStatus.Abandoned), Token);
        bench.Store.FailCommit = _ => new TimeoutException("away");
        var revived = bench.Reports.UpdateAsync(operation.Id, new(5, 10, "files"), [], Token);
        await bench.Journal.UntilAsync(() => revived.IsCompleted);
        await Assert.ThrowsAsync<JournalUnavailableException>(() => revived);
        Assert.Equal(0, bench.Active.Count);
        bench.Store.FailCommit = _ => null;
        await bench.Journal.UntilAsync(() => bench.Journal.Journal.Status.IsHealthy);
        await bench.Keeper.StepAsync(Token);
        Assert.Empty(bench.Store.Running);
    }

    [Fact]
    public async Task A_resend_of_a_start_that_is_still_being_stored_is_answered_when_it_is_stored()
    {
        await using var bench = new TrackingBench();
        var gate = new TaskCompletionSource();
        bench.Store.CommitMay = gate.Task;
        var operation = Running();
        var first = bench.Reports.StartAsync(operation, Token);
        var resent = bench.Reports.StartAsync(operation, Token);
        await JournalBench.WhenAsync(() => bench.Store.Attempts == 1);
        Assert.False(resent.IsCompleted);
        gate.SetResult();
        Assert.Equal(ReportOutcome.Accepted, (await first).Outcome);
        Assert.Equal(ReportOutcome.Unchanged, (await resent).Outcome);
    }

    [Fact]
    public async Task A_resend_of_a_start_that_cannot_be_stored_is_refused_too()
    {
        await using var bench = new TrackingBench();
        bench.Store.FailCommit = _ => new InvalidDataException("bad");
        bench.Store.CommitMay = Task.Delay(20, Token);
        var operation = Running();
        var first = bench.Reports.StartAsync(operation, Token);
        var resent = bench.Reports.StartAsync(operation, Token);
        await Assert.ThrowsAsync<InvalidDataException>(() => first);
        await Assert.ThrowsAsync<InvalidDataException>(() => resent);
        Assert.Equal(0, bench.Active.Count);
    }

    [Fact]
    public async Task A_start_whose_outcome_is_unknown_stays_in_progress_until_it_is_known()
    {
        await using var bench = new TrackingBench();
        var gate = Block(bench);
        var operation = Running();
        var start = bench.Reports.StartAsync(operation, Token);
        await bench.Journal.UntilAsync(() => start.IsCompleted);
        Assert.False((await Assert.ThrowsAsync<JournalUnavailableException>(() => start)).IsOutcomeKnown);
        Assert.Equal(1, bench.Active.Count);
        gate.SetResult();
        await JournalBench.WhenAsync(() => bench.Journal.Journal.Status.Queued == 0);
        await bench.Journal.UntilAsync(() => bench.Journal.Journal.Status.IsHealthy);
        await JournalBench.WhenAsync(() => ((ReportedOperation)bench.Active.Find(operation.Id)!).FirstStore.IsCompletedSuccessfully);
        Assert.Equal(ReportOutcome.Unchanged, (await bench.Reports.StartAsync(operation, Token)).Outcome);
    }

    [Fact]
    public async Task An_end_whose_client_went_away_and_that_is_stored_later_ends_the_operation_later()
    {
        await using var bench = new TrackingBench();
        var operation = Running();
        await bench.Reports.StartAsync(operation, Token);
        var gate = Block(bench);
        using var client = new CancellationTokenSource();
        int attempts = bench.Store.Attempts;
        var end = bench.Reports.CompleteAsync(operation.Id, As(OperationStatus.Succeeded), client.Token);
        await JournalBench.WhenAsync(() => bench.Store.Attempts > attempts);
        await client.CancelAsync();
        await bench.Journal.UntilAsync(() => end.IsCompleted);
        await Assert.ThrowsAsync<JournalUnavailableException>(() => end);
        Assert.Equal(1, bench.Active.Count);
        Assert.Null(bench.Active.Find(operation.Id)!.TryClaim());
        gate.SetResult();
        await JournalBench.WhenAsync(() => bench.Active.Count == 0);
        Assert.Equal(OperationStatus.Succeeded, bench.Store.Ended[operation.Id].Status);
    }

    /// <summary>Lets no commit end, not even by a cancellation.</summary>
    private static TaskCompletionSource Block(TrackingBench bench)
    {
        var gate = new TaskCompletionSource();
        bench.Store.CommitMay = gate.Task;
        bench.Store.IgnoresCancellation = true;
        return gate;
    }
}
