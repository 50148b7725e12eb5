namespace PerfPortal.Domain.Statistics;

#pragma warning disable
public sealed class BucketGrid
{
    public TimeSpan Step { get; }
    public int Count { get; }
    public int IndexOf(DateTimeOffset time) => 0;
    public DateTimeOffset Start(int index) => default;
}
