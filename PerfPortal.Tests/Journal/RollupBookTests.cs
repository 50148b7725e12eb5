using Microsoft.Extensions.Time.Testing;
using PerfPortal.Domain.Journal;
using PerfPortal.Domain.Operations;
using Xunit;
using static PerfPortal.Tests.Journal.MemoryJournal;

namespace PerfPortal.Tests.Journal;

public sealed class RollupBookTests
{
    private readonly FakeTimeProvider _time = new(Start);
    private readonly MemoryJournal _store = new();
    private readonly RollupBook _book;

    public RollupBookTests() => _book = new(_time);

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
        _book.TakeBack(written);
        _book.TakeBack(pending);
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

    private async Task<long> CountAsync(RollupResolution resolution, long from = long.MinValue, long to = long.MaxValue)
    {
        long count = 0;
        await _book.ReadAsync(_store, resolution, from, to, SeriesFilter.Everyone, delta => count += delta.Rollup.Count, Token);
        return count;
    }
}
