using Microsoft.Extensions.Time.Testing;
using PerfPortal.Domain.Journal;
using Xunit;
using static PerfPortal.Tests.Journal.MemoryJournal;

namespace PerfPortal.Tests.Journal;

public sealed class JournalMeterTests
{
    private readonly FakeTimeProvider _time = new(Start);

    [Fact]
    public void A_steady_rate_shows_after_seconds_and_fades_within_minutes()
    {
        var meter = new JournalMeter(_time);
        for (int second = 0; second < 10; second++)
        {
            _time.Advance(TimeSpan.FromSeconds(1));
            meter.Ended(100);
        }

        Assert.InRange(meter.OperationsPerSecond, 95, 110);
        for (int second = 0; second < 300; second++)
        {
            _time.Advance(TimeSpan.FromSeconds(1));
            meter.Ended(100);
        }

        Assert.InRange(meter.OperationsPerSecond, 98, 102);
        _time.Advance(TimeSpan.FromMinutes(1));
        Assert.InRange(meter.OperationsPerSecond, 30, 40);
        _time.Advance(TimeSpan.FromMinutes(10));
        Assert.InRange(meter.OperationsPerSecond, 0, 0.1);
    }

    [Fact]
    public void Commits_are_told_by_their_mean_time_and_size()
    {
        var meter = new JournalMeter(_time);
        Assert.Equal((0, 0, 0), (meter.MeanCommitMilliseconds, meter.EntriesPerCommit, meter.EntriesPerBusySecond));
        meter.Commit(100, TimeSpan.FromMilliseconds(10));
        meter.Commit(300, TimeSpan.FromMilliseconds(30));
        Assert.Equal(20, meter.MeanCommitMilliseconds, 6);
        Assert.Equal(200, meter.EntriesPerCommit, 6);
        Assert.Equal(10_000, meter.EntriesPerBusySecond, 3);
    }

    [Fact]
    public async Task Who_is_refused_is_told_to_wait_as_long_as_the_queue_needs()
    {
        await using var bench = new JournalBench();
        Assert.Equal((JournalState.Flowing, TimeSpan.FromSeconds(1)), (bench.Journal.Status.State, bench.Journal.Status.RetryAfter));

        // A commit of 4,096 entries takes a second of the clock: the full queue needs 16.
        bench.Store.FailCommit = _ =>
        {
            bench.Time.Advance(TimeSpan.FromSeconds(1));
            return null;
        };
        var gate = new TaskCompletionSource();
        bench.Begin();
        await bench.EndAsync([.. Enumerable.Range(0, 4_096).Select(i => Op(i % 60))]);
        Assert.Equal((4_096, 1_000), (bench.Journal.Status.EntriesPerCommit, bench.Journal.Status.MeanCommitMilliseconds));

        // Acknowledged is not yet out of the queue.
        await JournalBench.WhenAsync(() => bench.Journal.Status.Queued == 0);
        bench.Store.CommitMay = gate.Task;
        var full = new JournalEntry[OperationJournal.Capacity];
        Array.Fill(full, new OperationEnded(Op()));
        var waiting = bench.Journal.SubmitAsync(full, JournalBench.Token);
        Assert.Equal(JournalState.Refusing, bench.Journal.Status.State);
        var refused = await Assert.ThrowsAsync<JournalUnavailableException>(() => bench.EndAsync(Op()));
        Assert.Equal(16, refused.RetryAfter.TotalSeconds, 1);
        Assert.Equal((JournalState.Refusing, bench.Time.GetUtcNow()), (bench.Journal.Status.State, bench.Journal.Status.RefusingSince));
        gate.SetResult();
        await waiting;
        await JournalBench.WhenAsync(() => bench.Journal.Status.Queued == 0);
        Assert.Equal((JournalState.Flowing, null), (bench.Journal.Status.State, bench.Journal.Status.RefusingSince));
    }

    [Theory]
    [InlineData(0, 1, false, JournalState.Flowing)]
    [InlineData(20_000, 1, false, JournalState.Behind)]
    [InlineData(500, 3, false, JournalState.Behind)]
    [InlineData(65_536, 30, false, JournalState.Refusing)]
    [InlineData(65_536, 30, true, JournalState.DatabaseAway)]
    public void The_state_follows_from_queue_wait_and_database(int queued, int wait, bool away, JournalState state) =>
        Assert.Equal(state, new JournalStatus(queued, OperationJournal.Capacity, 0, 0, 0, away ? Start : null, null) { RetryAfter = TimeSpan.FromSeconds(wait) }.State);
}
