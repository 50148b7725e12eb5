using PerfPortal.Domain.Findings;
using PerfPortal.Domain.Statistics;
using PerfPortal.Domain.Text;

namespace PerfPortal.Domain.Analysis.Bottlenecks;

/// <summary>
/// More than <c>slow_operation_share</c> of the operations that succeeded or failed took longer than <c>slow_operation_seconds</c>.
/// Reports the type and name with the most slow operations. Critical above three times the share. Starts with the first slow operation of the window.
/// </summary>
internal sealed class SlowOperationsRule : IBottleneckRule
{
    private const double CriticalFactor = 3;

    /// <summary>
    /// The lower and upper bound of the number of operations above the limit: the sketch stores values with a relative error of up to
    /// <see cref="DurationSketch.RelativeError"/>.
    /// </summary>
    public static (long Min, long Max) Bounds(DurationSketch durations, double limit)
    {
        const double Error = DurationSketch.RelativeError * 1.01;
        return (durations.CountAbove(limit * (1 + Error)), durations.CountAbove(limit * (1 - Error)));
    }

    /// <summary>Whether the sketch is too imprecise to decide on which side of the limit the share is.</summary>
    public static bool NeedsCounting(AnalysisInput input)
    {
        long count = input.Total.Statistics.Count;
        var (min, max) = Bounds(input.Total.Figures.Durations, input.Thresholds.SlowOperationSeconds);
        double limit = input.Thresholds.SlowOperationShare * count;
        return count > 0 && min <= limit && max > limit;
    }

    public IEnumerable<Bottleneck> Find(AnalysisInput input)
    {
        double seconds = input.Thresholds.SlowOperationSeconds;
        double limit = input.Thresholds.SlowOperationShare;
        long count = input.Total.Statistics.Count;
        long slow = input.SlowOperationsCounted ?? input.Total.Figures.Durations.CountAbove(seconds);
        double share = count == 0 ? 0 : (double)slow / count;
        if (count == 0 || !(share > limit))
        {
            yield break;
        }

        // Near the limit the rows can contain slow operations that the sketch does not show; then no name is reported.
        var (worst, worstSlow) = input.Groups.Select(group => (Group: group, Slow: group.Figures.Durations.CountAbove(seconds)))
            .Where(item => item.Slow > 0).MaxBy(item => item.Slow);
        yield return new()
        {
            Kind = BottleneckKinds.SlowOperations,
            Severity = share > CriticalFactor * limit ? Severity.Critical : Severity.Warning,
            Sentence = $"{Format.Ratio(share)} of {Format.Count(count)} operations took longer than {Format.Seconds(seconds)}"
                + (worst is null ? "." : $"; {worst.Name} has the most ({Format.Count(worstSlow)})."),
            Value = share,
            Threshold = limit,
            Unit = "share",
            Source = input.Source,
            MetricType = worst?.MetricType,
            OperationName = worst?.Name,
            Evidence = new()
            {
                SampleCount = count,
                BeyondLimit = slow,
                Share = share,
                Numbers =
                [
                    new("slow_operation_seconds", seconds, "s"),
                    new("p95_duration", input.Total.Statistics.P95 ?? 0, "s"),
                    new("slow_operations_of_name", worstSlow, ""),
                ],
            },
        };
    }
}
