namespace PerfPortal.Domain.Statistics;

/// <summary>A half-open stretch of time: <paramref name="From"/> belongs to it, <paramref name="To"/> does not.</summary>
/// <param name="From">The first moment.</param>
/// <param name="To">The moment behind the last.</param>
public readonly record struct TimeRange(DateTimeOffset From, DateTimeOffset To)
{
    /// <summary>How long the range is.</summary>
    public TimeSpan Length => To - From;

    /// <summary>The range of the same length that ends where this one begins.</summary>
    public TimeRange Previous => new(From - Length, From);
}
