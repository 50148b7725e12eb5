using Microsoft.Extensions.Time.Testing;
using PerfPortal.Domain.Journal;
using PerfPortal.Domain.Operations;
using PerfPortal.Domain.Statistics;
using PerfPortal.Tests.Analysis;
using Xunit;

namespace PerfPortal.Tests.Journal;

public sealed class LatestFailuresTests
{
    private static readonly DateTimeOffset Now = Days.Now;
    private static readonly TimeRange Day = new(Now.AddDays(-1), Now);

    private readonly FakeTimeProvider _time = new(Now);
    private readonly MemoryOperations _stored = new();
    private readonly LatestFailures _latest;

    public LatestFailuresTests() => _latest = new(_stored, _time);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task What_was_stored_is_read_once_and_what_is_committed_is_learned()
    {
        _stored.Ended.AddRange([Failed(-60), Failed(-50), Failed(-55) with { Status = OperationStatus.Succeeded }]);
        Assert.Equal([-50, -60], await ReadAsync());
        Commit(Failed(-40), Failed(-57), Failed(-30) with { Status = OperationStatus.Cancelled });
        Assert.Equal([-40, -50, -57, -60], await ReadAsync());
        Assert.Equal(1, _stored.RowReads);
    }

    [Fact]
    public async Task A_range_that_moves_on_leaves_the_old_ones_behind_and_one_that_goes_back_is_read()
    {
        _stored.Ended.AddRange([Failed(-86_399), Failed(-50)]);
        Assert.Equal([-50, -86_399], await ReadAsync());
        Assert.Equal([-50], await ReadAsync(new(Day.From.AddMinutes(1), Now)));
        Assert.Equal(1, _stored.RowReads);
        _stored.Ended.Add(Failed(-90_000));
        Assert.Equal([-50, -86_399, -90_000], await ReadAsync(new(Now.AddDays(-2), Now)));
        Assert.Equal(2, _stored.RowReads);
    }

    [Fact]
    public async Task What_no_commit_told_of_is_there_a_minute_later()
    {
        _stored.Ended.Add(Failed(-50));
        Assert.Equal([-50], await ReadAsync());
        _stored.Ended.Add(Failed(-20));
        _stored.Ended.RemoveAt(0);
        Assert.Equal([-50], await ReadAsync());
        _time.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal([-20], await ReadAsync());
    }

    [Fact]
    public async Task After_a_source_was_removed_the_store_is_read_again()
    {
        _stored.Ended.AddRange([Failed(-50), Failed(-40)]);
        Assert.Equal([-40, -50], await ReadAsync());
        _stored.Ended.RemoveAt(1);
        _latest.OnSourceRemoved("gone");
        Assert.Equal([-50], await ReadAsync());
        Commit(Failed(-30));
        Assert.Equal([-30, -50], await ReadAsync());
    }

    [Fact]
    public async Task The_latest_are_kept_whatever_the_order_in_which_they_come()
    {
        int[] seconds = [.. Enumerable.Range(1, 3 * LatestFailures.MaxItems).Select(number => -number)];
        new Random(7).Shuffle(seconds);
        _stored.Ended.AddRange(seconds[..400].Select(second => Failed(second)));
        await ReadAsync();
        foreach (int second in seconds[400..])
        {
            Commit(Failed(second));
        }

        Assert.Equal(Enumerable.Range(1, LatestFailures.MaxItems).Select(number => -number), await ReadAsync());
        Assert.Equal(1, _stored.RowReads);
    }

    [Fact]
    public async Task What_was_left_out_at_the_bound_is_looked_for_in_the_store()
    {
        _stored.Ended.AddRange(Enumerable.Range(1, 3 * LatestFailures.MaxItems).Select(number => Failed(-number)));
        _stored.Ended.Add(Failed(-2_000) with { Source = "quiet" });
        Assert.Equal(Enumerable.Range(1, LatestFailures.MaxItems).Select(number => -number), await ReadAsync());
        Assert.Equal([-1, -2, -3], await ReadAsync(new(Now.AddSeconds(-3), Now)));
        Assert.Equal(1, _stored.RowReads);
        Assert.Equal([-2_000], await ReadAsync(source: "quiet"));
        Assert.Equal(2, _stored.RowReads);
    }

    [Fact]
    public async Task A_failure_that_ends_after_the_range_does_not_send_every_reading_to_the_store()
    {
        _stored.Ended.AddRange(Enumerable.Range(1, LatestFailures.MaxItems + 1).Select(number => Failed(-number)));
        await ReadAsync();
        Commit(Failed(1));
        Assert.Equal(Enumerable.Range(1, LatestFailures.MaxItems).Select(number => -number), await ReadAsync());
        Assert.Equal(1, _stored.RowReads);
    }

    [Fact]
    public async Task A_range_of_the_past_is_read_and_leaves_what_is_held()
    {
        _stored.Ended.AddRange([Failed(-500_000), Failed(-50)]);
        Assert.Equal([-50], await ReadAsync());
        Assert.Equal([-500_000], await ReadAsync(new(Now.AddDays(-7), Now.AddDays(-5))));
        Assert.Equal([-50], await ReadAsync());
        Assert.Equal(2, _stored.RowReads);
    }

    [Fact]
    public async Task The_portals_own_failures_are_not_everybodys_and_are_found_when_asked_for()
    {
        _stored.Ended.Add(Failed(-60) with { Source = PortalSource.Name });
        Assert.Empty(await ReadAsync());
        var own = Failed(-50) with { Source = PortalSource.Name };
        _stored.Ended.Add(own);
        Commit(own);
        Assert.Empty(await ReadAsync());
        Assert.Equal([-50, -60], await ReadAsync(source: PortalSource.Name));
    }

    [Fact]
    public async Task What_may_be_long_is_not_held()
    {
        await ReadAsync();
        Commit(Failed(-50) with { ErrorMessage = "long", Metadata = Metadata.Of([new("model", MetadataValue.From("llama"))]) });
        var held = Assert.Single(await _latest.ReadAsync(Day, null, Token));
        Assert.Equal(("timeout", null, 0), (held.ErrorType, held.ErrorMessage, held.Metadata.Count));
    }

    [Fact]
    public async Task A_reading_that_fails_is_tried_again()
    {
        var reader = new InterruptedReader(_stored, _ => throw new TimeoutException());
        var latest = new LatestFailures(reader, _time);
        reader.Listener = latest;
        _stored.Ended.Add(Failed(-50));
        await Assert.ThrowsAsync<TimeoutException>(() => latest.ReadAsync(Day, null, Token));
        reader.Listener = null;
        Assert.Equal([-50], Seconds(await latest.ReadAsync(Day, null, Token)));
    }

    [Fact]
    public async Task A_reading_that_another_began_anew_is_thrown_away()
    {
        _stored.Ended.AddRange([Failed(-3_000), Failed(-50)]);
        Task<IReadOnlyList<Operation>>? longer = null;
        var reader = new InterruptedReader(_stored, listener => longer ??= listener.ReadAsync(new(Now.AddHours(-2), Now), null, Token));
        var latest = new LatestFailures(reader, _time);
        reader.Listener = latest;
        reader.Gate = new();
        var shorter = latest.ReadAsync(new(Now.AddMinutes(-1), Now), null, Token);
        Assert.Equal([-50], Seconds(await shorter));
        Assert.Equal([-3_000], Seconds(await latest.ReadAsync(new(Now.AddHours(-1), Now.AddSeconds(-55)), null, Token)));
        reader.Gate.SetResult();
        Assert.Equal([-50, -3_000], Seconds(await longer!));
    }

    [Fact]
    public async Task A_source_is_answered_from_what_is_held_when_that_is_all()
    {
        _stored.Ended.AddRange([Failed(-60), Failed(-50) with { Source = "other" }]);
        Assert.Equal([-50], await ReadAsync(source: "other"));
        Assert.Equal([-60], await ReadAsync(source: "worker"));
        Assert.Equal(1, _stored.RowReads);
    }

    [Fact]
    public async Task A_commit_during_the_reading_is_neither_lost_nor_told_twice()
    {
        var stored = Failed(-50);
        _stored.Ended.Add(stored);
        var reader = new InterruptedReader(_stored, listener => listener.OnCommitted(new([stored, Failed(-40)], [], [])));
        var latest = new LatestFailures(reader, _time);
        reader.Listener = latest;
        Assert.Equal([-40, -50], Seconds(await latest.ReadAsync(Day, null, Token)));
    }

    private static Operation Failed(int second) => new()
    {
        Id = Guid.NewGuid(),
        MetricType = MetricType.ModelOperation,
        Name = "generate",
        Source = "worker",
        Status = OperationStatus.Failed,
        StartTime = Now.AddSeconds(second - 1),
        EndTime = Now.AddSeconds(second),
        ErrorType = "timeout",
    };

    private static IReadOnlyList<int> Seconds(IEnumerable<Operation> operations) => [.. operations.Select(operation => (int)(operation.EndTime!.Value - Now).TotalSeconds)];

    private void Commit(params IReadOnlyList<Operation> ended) => _latest.OnCommitted(new(ended, [], []));

    private async Task<IReadOnlyList<int>> ReadAsync(TimeRange? range = null, string? source = null) => Seconds(await _latest.ReadAsync(range ?? Day, source, Token));

    /// <summary>Something happens between the reading and its answer.</summary>
    private sealed class InterruptedReader(MemoryOperations stored, Action<LatestFailures> between) : IOperationReader
    {
        private int _scans;

        public LatestFailures? Listener { get; set; }

        /// <summary>Holds up the second reading.</summary>
        public TaskCompletionSource? Gate { get; set; }

        public async ValueTask ScanAsync(TimeRange range, OperationFilter filter, Func<Operation, bool> each, CancellationToken cancellationToken)
        {
            if (++_scans == 2 && Gate is { } gate)
            {
                await gate.Task;
            }

            await stored.ScanAsync(range, filter, each, cancellationToken);
            if (Listener is { } listener)
            {
                between(listener);
            }
        }

        public ValueTask<Operation?> FindAsync(Guid id, CancellationToken cancellationToken) => stored.FindAsync(id, cancellationToken);

        public ValueTask<IReadOnlyList<Operation>> ReadRunningAsync(CancellationToken cancellationToken) => stored.ReadRunningAsync(cancellationToken);

        public ValueTask<OperationPage> ReadPageAsync(OperationQuery query, CancellationToken cancellationToken) => stored.ReadPageAsync(query, cancellationToken);

        public ValueTask ReadRollupsAsync(
            RollupResolution resolution, long from, long to, SeriesIndex series, Action<long, RollupPage> each, CancellationToken cancellationToken) =>
            stored.ReadRollupsAsync(resolution, from, to, series, each, cancellationToken);

        public IReadOnlyList<string> ReadSources() => stored.ReadSources();
    }
}
