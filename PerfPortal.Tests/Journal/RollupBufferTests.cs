using Microsoft.Extensions.Time.Testing;
using PerfPortal.Domain.Journal;
using PerfPortal.Domain.Operations;
using Xunit;
using static PerfPortal.Tests.Journal.MemoryJournal;

namespace PerfPortal.Tests.Journal;

public sealed class RollupBufferTests
{
    private readonly FakeTimeProvider _time = new(Start);
    private readonly MemoryJournal _store = new();
    private readonly RollupBuffer _book;

    public RollupBufferTests() => _book = new(_time);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Stored_and_pending_together_are_exact_before_after_and_when_a_flush_fails()
    {
        _book.Add(Op(0));
        _book.Add(Op(1, status: OperationStatus.Failed));
        Assert.Equal(2, await CountAsync(RollupResolution.Minute));
        _store.FailFlush = () => new TimeoutException();
        await Assert.ThrowsAsync<TimeoutException>(() => _book.FlushAsync(_store, Token));
        Assert.True(_book.HasPending);
        Assert.Equal(2, await CountAsync(RollupResolution.Hour));
        _book.Add(Op(2));
        _store.FailFlush = () => null;
        await _book.FlushAsync(_store, Token);
        Assert.False(_book.HasPending);
        Assert.Equal(3, await CountAsync(RollupResolution.Minute));
        Assert.Equal(3, await CountAsync(RollupResolution.Hour));
    }

    [Fact]
    public async Task A_reader_during_a_flush_waits_and_misses_and_doubles_nothing()
    {
        _book.Add(Op(0));
        var gate = new TaskCompletionSource();
        _store.FlushMay = gate.Task;
        var flush = _book.FlushAsync(_store, Token);
        var read = CountAsync(RollupResolution.Minute);
        _book.Add(Op(1));
        Assert.False(read.IsCompleted);
        gate.SetResult();
        await flush;
        Assert.Equal(2, await read);
        Assert.True(_book.HasPending);
    }

    [Fact]
    public async Task Late_and_historic_operations_count_in_their_own_minute_and_hour()
    {
        _book.Add(Op(-86_400 * 200));
        _book.Add(Op(-31));
        _book.Add(Op(0));
        await _book.FlushAsync(_store, Token);
        foreach (double seconds in new[] { -86_400.0 * 200, -31, 0 })
        {
            long minute = RollupBuckets.Of(RollupResolution.Minute, Start.AddSeconds(seconds));
            Assert.Equal(1, await CountAsync(RollupResolution.Minute, minute, minute + 1));
        }

        long hour = RollupBuckets.Of(RollupResolution.Hour, Start);
        Assert.Equal(1, await CountAsync(RollupResolution.Hour, hour, hour + 1));
        Assert.Equal(1, await CountAsync(RollupResolution.Hour, hour - 1, hour));
    }

    [Fact]
    public async Task Taking_back_undoes_an_abandoned_one_whether_it_was_written_or_not()
    {
        var written = Op(0, status: OperationStatus.Abandoned);
        _book.Add(written);
        await _book.FlushAsync(_store, Token);
        var pending = Op(0, status: OperationStatus.Abandoned);
        _book.Add(pending);
        Assert.Equal(2, await CountAsync(RollupResolution.Hour));
        _book.RemoveAbandoned(written);
        _book.RemoveAbandoned(pending);
        Assert.Equal(0, await CountAsync(RollupResolution.Hour));
        await _book.FlushAsync(_store, Token);
        Assert.Equal(0, await CountAsync(RollupResolution.Minute));
    }

    [Fact]
    public async Task A_full_book_is_due_at_once_but_not_without_end_while_the_store_fails()
    {
        Assert.False(_book.IsFlushDue);
        for (int i = 0; i < 20_000; i++)
        {
            _book.Add(Op(0, name: "n" + i));
        }

        Assert.True(_book.IsFlushDue);
        _store.FailFlush = () => new TimeoutException();
        await Assert.ThrowsAsync<TimeoutException>(() => _book.FlushAsync(_store, Token));
        Assert.False(_book.IsFlushDue);
        Assert.Equal(TimeSpan.FromSeconds(1), _book.UntilFlush);
        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.True(_book.IsFlushDue);
    }

    [Fact]
    public async Task A_page_is_read_once_until_a_flush_changes_it()
    {
        _book.Add(Op(0));
        _book.Add(Op(-600));
        await _book.FlushAsync(_store, Token);
        Assert.Equal(2, await CountAsync(RollupResolution.Minute));
        int reads = _store.RollupReads;
        Assert.Equal(2, await CountAsync(RollupResolution.Minute));
        Assert.Equal(reads, _store.RollupReads);
        _book.Add(Op(1));
        Assert.Equal(3, await CountAsync(RollupResolution.Minute));
        Assert.Equal(reads, _store.RollupReads);
        await _book.FlushAsync(_store, Token);
        Assert.Equal(3, await CountAsync(RollupResolution.Minute));
        Assert.Equal(reads + 1, _store.RollupReads);
        Assert.True(_book.CachedBytes > 0);
    }

    [Fact]
    public async Task A_flush_waits_for_no_reader_and_a_reader_of_other_minutes_for_no_flush()
    {
        _book.Add(Op(0));
        long minute = RollupBuckets.Of(RollupResolution.Minute, Start);
        await CountAsync(RollupResolution.Minute, minute - 50, minute - 40);
        Task? flushed = null;
        await _book.ReadAsync(
            _store, RollupResolution.Minute, minute - 5, minute + 5, SeriesFilter.Everyone, (_, _) => { },
            _ => flushed = _book.FlushAsync(_store, Token), Token);
        await flushed!.WaitAsync(TimeSpan.FromSeconds(30), Token);
        var gate = new TaskCompletionSource();
        _store.FlushMay = gate.Task;
        _book.Add(Op(1));
        var flush = _book.FlushAsync(_store, Token);
        Assert.Equal(0, await CountAsync(RollupResolution.Minute, minute - 50, minute - 40).WaitAsync(TimeSpan.FromSeconds(30), Token));
        gate.SetResult();
        await flush;
        Assert.Equal(2, await CountAsync(RollupResolution.Minute));
    }

    [Fact]
    public async Task A_page_that_is_held_answers_during_a_flush()
    {
        _book.Add(Op(0));
        await _book.FlushAsync(_store, Token);
        Assert.Equal(1, await CountAsync(RollupResolution.Hour));
        var gate = new TaskCompletionSource();
        _store.FlushMay = gate.Task;
        _book.Add(Op(1));
        var flush = _book.FlushAsync(_store, Token);
        Assert.Equal(2, await CountAsync(RollupResolution.Hour).WaitAsync(TimeSpan.FromSeconds(30), Token));
        gate.SetResult();
        await flush;
        Assert.Equal(2, await CountAsync(RollupResolution.Hour));
    }

    [Fact]
    public async Task A_minute_that_cannot_be_added_to_is_made_anew_and_holds_up_no_other()
    {
        long bad = RollupBuckets.Of(RollupResolution.Minute, Start);
        var rebuilt = new List<long>();
        _store.FailDelta = delta => delta.Resolution == RollupResolution.Minute && delta.Bucket == bad ? new InvalidDataException() : null;
        _store.Rebuild = rebuilt.AddRange;
        _book.Add(Op(0));
        _book.Add(Op(-600));
        _book.Add(Op(-1200));
        await _book.FlushAsync(_store, Token);
        Assert.False(_book.HasPending);
        Assert.Equal([bad], rebuilt);
        Assert.Equal(0, _book.UnwritableMinutes);
        Assert.Equal(2, await CountAsync(RollupResolution.Minute));
    }

    [Fact]
    public async Task A_minute_that_can_not_even_be_made_anew_is_given_up_and_said()
    {
        long bad = RollupBuckets.Of(RollupResolution.Minute, Start);
        _store.FailDelta = delta => delta.Resolution == RollupResolution.Minute && delta.Bucket == bad ? new InvalidDataException() : null;
        _book.Add(Op(0));
        _book.Add(Op(-600));
        await _book.FlushAsync(_store, Token);
        Assert.False(_book.HasPending);
        Assert.Equal(1, _book.UnwritableMinutes);
        Assert.Equal(1, await CountAsync(RollupResolution.Minute));
    }

    [Fact]
    public async Task There_is_room_until_the_store_has_failed_for_long()
    {
        _store.FailFlush = () => new TimeoutException();
        for (int i = 0; _book.HasRoom; i++)
        {
            Assert.InRange(i, 0, RollupBuffer.MaxPending);
            _book.Add(Op(0, name: "n" + i));
        }

        await Assert.ThrowsAsync<TimeoutException>(() => _book.FlushAsync(_store, Token));
        Assert.False(_book.HasRoom);
        _store.FailFlush = () => null;
        await _book.FlushAsync(_store, Token);
        Assert.True(_book.HasRoom);
    }

    [Fact]
    public async Task What_retention_deleted_is_forgotten()
    {
        _book.Add(Op(0));
        await _book.FlushAsync(_store, Token);
        Assert.Equal(1, await CountAsync(RollupResolution.Hour));
        _store.Purge(RollupResolution.Hour, long.MaxValue);
        Assert.Equal(1, await CountAsync(RollupResolution.Hour));
        _book.Forget(RollupResolution.Hour, Start.AddHours(2));
        Assert.Equal(0, await CountAsync(RollupResolution.Hour));
    }

    [Fact]
    public async Task Minutes_that_are_made_anew_are_read_anew()
    {
        _book.Add(Op(0));
        await _book.FlushAsync(_store, Token);
        Assert.Equal(1, await CountAsync(RollupResolution.Minute));
        Assert.Equal(1, await CountAsync(RollupResolution.Hour));
        _store.Rebuild = _ =>
        {
            _store.Purge(RollupResolution.Minute, long.MaxValue);
            _store.Purge(RollupResolution.Hour, long.MaxValue);
        };
        _book.MarkStale([RollupBuckets.Of(RollupResolution.Minute, Start)]);
        await _book.RebuildAsync(_store, TimeSpan.MaxValue, Token);
        Assert.Equal(0, await CountAsync(RollupResolution.Minute));
        Assert.Equal(0, await CountAsync(RollupResolution.Hour));
    }

    private async Task<long> CountAsync(RollupResolution resolution, long? from = null, long? to = null)
    {
        long count = 0;
        long middle = RollupBuckets.Of(resolution, Start);
        await _book.ReadAsync(
            _store, resolution, from ?? middle - 100, to ?? middle + 100, SeriesFilter.Everyone,
            (_, page) =>
            {
                foreach (long operations in page.Counts)
                {
                    count += operations;
                }
            },
            delta => count += delta.Rollup.Count, Token);
        return count;
    }
}
