namespace PerfPortal.Tests.Storage;

/// <summary>The clock of a test, whose pauses end at once.</summary>
internal sealed class ImpatientClock(TimeProvider clock) : TimeProvider
{
    /// <summary>Receives the length of each pause before it begins.</summary>
    public Action<TimeSpan> OnPause { get; set; } = _ => { };

    public override DateTimeOffset GetUtcNow() => clock.GetUtcNow();

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        OnPause(dueTime);
        return System.CreateTimer(callback, state, TimeSpan.Zero, period);
    }
}
