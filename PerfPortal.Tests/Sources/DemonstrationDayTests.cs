using PerfPortal.Domain.Operations;
using PerfPortal.Domain.Resources;
using PerfPortal.Server.Sources.Demonstration;
using Xunit;

namespace PerfPortal.Tests.Sources;

public sealed class DemonstrationDayTests
{
    private static readonly DateTimeOffset End = new(2026, 3, 4, 15, 20, 30, TimeSpan.Zero);

    [Fact]
    public void The_same_end_makes_the_same_day()
    {
        var (first, second) = (DemonstrationDay.EndingAt(End), DemonstrationDay.EndingAt(End));
        Assert.Equal(first.Ended.Select(Text), second.Ended.Select(Text));
        Assert.Equal(first.Samples.Select(sample => sample[ResourceMetric.CpuPercent]), second.Samples.Select(sample => sample[ResourceMetric.CpuPercent]));
        Assert.NotEqual(first.Ended[0].Id, DemonstrationDay.EndingAt(End.AddHours(1)).Ended[0].Id);
    }

    [Fact]
    public void It_has_all_types_failures_slow_downloads_and_operations_in_progress()
    {
        var day = DemonstrationDay.EndingAt(End);
        Assert.InRange(day.Ended.Count, 2_000, 5_000);
        Assert.Equal(MetricTypes.All, day.Ended.Select(operation => operation.MetricType).Distinct().Order());
        Assert.All(day.Ended, operation => Assert.True(operation.EndTime > operation.StartTime && operation.EndTime <= End && operation.StartTime >= End - DemonstrationDay.Length));
        Assert.Equal(day.Ended.Count, day.Ended.Select(operation => operation.Id).Distinct().Count());
        Assert.InRange(day.Ended.Count(operation => operation.Status == OperationStatus.Failed) / (double)day.Ended.Count, 0.04, 0.08);
        var speeds = day.Ended.Where(operation => operation.MetricType == MetricType.DownloadOperation)
            .Select(operation => operation.Metadata["download_speed_bytes_per_second"].Numeric!.Value).ToList();
        Assert.InRange(speeds.Count(speed => speed < 30e6), 3, speeds.Count / 4);
        Assert.Equal(3, day.Running.Count);
        Assert.All(day.Running, operation => Assert.True(operation.EndTime is null && operation.Progress is { Total: { } total } && operation.Progress.Value.Done < total));
        Assert.Equal((24 * 60, End), (day.Samples.Count, day.Samples[^1].SampledAt));
        Assert.All(day.Ended.Select(operation => operation.Source).Concat(day.Samples.Select(sample => sample.Source)), source => Assert.Equal("demo", source));
    }

    [Fact]
    public void What_it_reports_would_be_accepted_from_anybody()
    {
        var day = DemonstrationDay.EndingAt(End);
        Assert.All(day.Ended, operation => Assert.All(operation.Metadata, member => Assert.Null(KnownFacts.Check(operation.MetricType, member.Key, member.Value))));
        Assert.All(day.Samples, sample => Assert.All(ResourceMetrics.All, info => Assert.True(sample[info.Metric] is null or >= 0 && !(sample[info.Metric] > info.Max), info.WireName)));
    }

    private static string Text(Operation operation) => $"{operation.Id} {operation.Name} {operation.StartTime:O} {operation.EndTime:O} {operation.Status}";
}
