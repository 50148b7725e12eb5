namespace PerfPortal.Benchmarks.Query;

/// <summary>A clock that stands, so that a store that was made for one moment is always asked at that moment. Elapsed times go on.</summary>
internal sealed class StillClock(DateTimeOffset now) : TimeProvider
{
    /// <inheritdoc/>
    public override DateTimeOffset GetUtcNow() => now;
}
