using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using PerfPortal.Domain.Journal;
using PerfPortal.Domain.Operations;
using PerfPortal.Domain.Statistics;
using Xunit;

namespace PerfPortal.Tests.Journal;

public sealed class RebuildStepsTests
{
    private static readonly DateTimeOffset Start = new(2026, 3, 4, 12, 0, 0, TimeSpan.Zero);
    private static readonly long Minute = RollupBuckets.Of(RollupResolution.Minute, Start);

    private readonly FakeTimeProvider _time = new(Start.AddHours(1));
    private readonly MemoryJournal _store = new();
    private readonly RollupBuffer _book;
    private readonly List<long[]> _steps = [];

    public RebuildStepsTests()
    {
        _book = new(_time);
        _store.Rebuild = minutes => _steps.Add([.. minutes]);
    }

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task After_a_crash_the_newest_hour_is_rebuilt_first_and_several_at_once_while_that_is_quick()
    {
        _book.MarkStale([.. Enumerable.Range(0, 8).Select(hour => Minute - (60L * hour))]);

        await _book.RebuildStepAsync(_store, Token);
        Assert.Equal([Minute], Assert.Single(_steps));
        Assert.Equal(7, _book.StaleMinutes);
        await _book.RebuildAsync(_store, TimeSpan.MaxValue, Token);

        Assert.Equal([1, 2, 4, 1], _steps.Select(step => step.Length));
        Assert.Equal(0, _book.StaleMinutes);
    }

    [Fact]
    public async Task A_slow_step_makes_the_next_one_short_and_the_time_limit_ends_the_rebuild_early()
    {
        _store.Rebuild = minutes =>
        {
            _steps.Add([.. minutes]);
            _time.Advance(TimeSpan.FromSeconds(1));
        };
        _book.MarkStale([.. Enumerable.Range(0, 8).Select(hour => Minute - (60L * hour))]);

        await _book.RebuildAsync(_store, TimeSpan.FromSeconds(3), Token);

        Assert.Equal([1, 1, 1], _steps.Select(step => step.Length));
        Assert.Equal(5, _book.StaleMinutes);
    }

    [Fact]
    public async Task An_operation_that_ends_in_a_waiting_minute_is_counted_by_its_rebuild_alone()
    {
        _book.MarkStale([Minute]);
        _book.Add(Op(Start));
        Assert.False(_book.HasPending);

        await _book.RebuildAsync(_store, TimeSpan.MaxValue, Token);
        _book.Add(Op(Start));

        Assert.True(_book.HasPending);
    }

    [Fact]
    public async Task What_is_pending_is_written_before_a_minute_of_the_same_hour_is_rebuilt()
    {
        _book.MarkStale([Minute]);
        _book.Add(Op(Start.AddMinutes(1)));
        bool wasPending = true;
        _store.Rebuild = _ => wasPending = _book.HasPending;

        await _book.RebuildStepAsync(_store, Token);

        Assert.False(wasPending);
    }

    [Fact]
    public async Task Reports_are_stored_while_minutes_are_rebuilt_and_the_state_says_so()
    {
        var journal = new OperationJournal(_store, _book, [], _time, NullLogger<OperationJournal>.Instance);
        Task<IReadOnlyList<EntryResult>>? report = null;
        int left = 0;
        _store.Rebuild = minutes =>
        {
            _steps.Add([.. minutes]);
            report ??= journal.SubmitAsync([new OperationEnded(Op(Start.AddMinutes(30)))], Token);
            left = Math.Max(left, journal.Status.RebuildingMinutes);
            _time.Advance(TimeSpan.FromSeconds(1));
            if (_steps.Count == 3)
            {
                // Two steps later at the latest it is stored.
                Assert.Single(_store.Ended);
            }
        };
        _book.MarkStale([.. Enumerable.Range(0, 5).Select(hour => Minute - (60L * hour))]);
        var running = journal.RunAsync(Token);
        while (_book.StaleMinutes > 0)
        {
            _time.Advance(TimeSpan.FromMilliseconds(20));
            await Task.Yield();
        }

        journal.Close();
        await running;

        Assert.Equal(EntryOutcome.Stored, Assert.Single(await report!).Outcome);
        Assert.Equal(5, _steps.Count);
        Assert.Equal(5, left);
        Assert.Equal(0, journal.Status.RebuildingMinutes);
    }

    [Fact]
    public async Task Minutes_that_cannot_be_rebuilt_do_not_stop_the_others()
    {
        _store.Rebuild = minutes =>
        {
            if (minutes.Contains(Minute))
            {
                throw new InvalidDataException("The rows are damaged.");
            }
        };
        _book.MarkStale([Minute, Minute - 60]);

        await _book.RebuildAsync(_store, TimeSpan.MaxValue, Token);

        Assert.Equal((0, 1), (_book.StaleMinutes, _book.UnwritableMinutes));
    }

    private static Operation Op(DateTimeOffset end) => new()
    {
        Id = Guid.NewGuid(),
        MetricType = MetricType.ModelOperation,
        Name = "op",
        Source = "host",
        StartTime = end.AddSeconds(-1),
        EndTime = end,
        Status = OperationStatus.Succeeded,
    };
}
