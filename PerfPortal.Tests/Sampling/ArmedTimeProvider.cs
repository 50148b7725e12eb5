using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace PerfPortal.Tests.Sampling;

/// <summary>A fake clock that counts how often its timers were set and fired, so that a test can wait until a loop sleeps again.</summary>
internal sealed class ArmedTimeProvider(DateTimeOffset start) : TimeProvider
{
    private readonly FakeTimeProvider _clock = new(start);
    private int _armed;
    private int _fired;

    public int Armed => Volatile.Read(ref _armed);

    public int Fired => Volatile.Read(ref _fired);

    /// <summary>How far the wall clock was set off; the monotonic clock knows nothing of it.</summary>
    public TimeSpan WallClockOffset { get; set; }

    public override long TimestampFrequency => _clock.TimestampFrequency;

    public override DateTimeOffset GetUtcNow() => _clock.GetUtcNow() + WallClockOffset;

    public override long GetTimestamp() => _clock.GetTimestamp();

    public void Advance(TimeSpan time) => _clock.Advance(time);

    public async Task ArmedAsync(int times)
    {
        while (Armed < times)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(1), TestContext.Current.CancellationToken);
        }
    }

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) => new CountedTimer(
        this,
        _clock.CreateTimer(
            inner =>
            {
                Interlocked.Increment(ref _fired);
                callback(inner);
            },
            state,
            dueTime,
            period));

    private sealed class CountedTimer(ArmedTimeProvider clock, ITimer timer) : ITimer
    {
        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            bool changed = timer.Change(dueTime, period);
            Interlocked.Increment(ref clock._armed);
            return changed;
        }

        public void Dispose() => timer.Dispose();

        public ValueTask DisposeAsync() => timer.DisposeAsync();
    }
}
