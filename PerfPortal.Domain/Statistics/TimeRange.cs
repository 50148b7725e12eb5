namespace PerfPortal.Domain.Statistics;

#pragma warning disable
public readonly record struct TimeRange(DateTimeOffset From, DateTimeOffset To)
{
    public TimeSpan Length => To - From;
    public TimeRange Previous => new(From - Length, From);
    public bool Contains(DateTimeOffset time) => time >= From && time < To;
}
