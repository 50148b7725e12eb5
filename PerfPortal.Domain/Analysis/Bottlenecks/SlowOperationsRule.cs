using PerfPortal.Domain.Findings;
using PerfPortal.Domain.Operations;
using PerfPortal.Domain.Settings;
using PerfPortal.Domain.Statistics;
using PerfPortal.Domain.Text;

namespace PerfPortal.Domain.Analysis.Bottlenecks;

/// <summary>
/// More than <c>slow_operation_share</c> of at least <see cref="MinimumCount"/> operations of a type that succeeded or failed took longer than the limit of their name or type
/// (<see cref="PerformanceThresholds.SlowLimit(MetricType, string)"/>). Types are judged apart: a download is not slow because a health check would be, and many fast operations
/// of another type hide nothing. Reports the name with the most slow operations. Critical above three times the share. Starts when the share began to exceed the limit.
/// </summary>
internal sealed class SlowOperationsRule : IBottleneckRule
{
    /// <summary>The minimum number of operations for a meaningful share.</summary>
    public const long MinimumCount = 5;

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

    /// <summary>The types for which the sketch is too imprecise to decide on which side of the limit the share is; types in which a name has a limit of its own are not counted.</summary>
    public static IEnumerable<MetricType> NeedCounting(AnalysisInput input) => input.Types
        .Where(type => type.Statistics.Count >= MinimumCount && !HasOwnLimits(input, type.MetricType))
        .Where(type =>
        {
            var (min, max) = Bounds(type.Figures.Durations, input.Thresholds.SlowLimit(type.MetricType));
            double limit = input.Thresholds.SlowOperationShare * type.Statistics.Count;
            return min <= limit && max > limit;
        })
        .Select(type => type.MetricType);

    /// <summary>Whether a name of the type has a limit of its own.</summary>
    public static bool HasOwnLimits(AnalysisInput input, MetricType type) => input.Thresholds.SlowOperationSecondsByName.Count > 0
        && input.Groups.Any(group => group.MetricType == type && input.Thresholds.SlowOperationSecondsByName.ContainsKey(group.Name));

    public IEnumerable<Bottleneck> Find(AnalysisInput input) => input.Types.Select(type => Find(input, type)).OfType<Bottleneck>();

    private static Bottleneck? Find(AnalysisInput input, OperationGroup type)
    {
        double limit = input.Thresholds.SlowOperationShare;
        long count = type.Statistics.Count;
        var names = input.Groups.Where(group => group.MetricType == type.MetricType)
            .Select(group => (Group: group, Slow: group.Figures.Durations.CountAbove(input.Thresholds.SlowLimit(group.MetricType, group.Name)))).ToList();
        long slow = input.SlowOperationsCounted.TryGetValue(type.MetricType, out long counted) ? counted : names.Sum(name => name.Slow);
        double share = count == 0 ? 0 : (double)slow / count;
        if (count < MinimumCount || !(share > limit))
        {
            return null;
        }

        // Near the limit the rows can contain slow operations that the sketch does not show; then no name is reported.
        var (worst, worstSlow) = names.Where(name => name.Slow > 0).MaxBy(name => name.Slow);
        double seconds = input.Thresholds.SlowLimit(type.MetricType);
        string than = HasOwnLimits(input, type.MetricType) ? $"their limit ({Format.Seconds(seconds)}, some names another)" : Format.Seconds(seconds);
        return new()
        {
            Kind = BottleneckKinds.SlowOperations,
            Severity = share > CriticalFactor * limit ? Severity.Critical : Severity.Warning,
            Sentence = $"{Format.Ratio(share)} of {OperationNouns.Many(count, type.MetricType)} took longer than {than}"
                + (worst is null ? "." : $"; {worst.Name} has the most ({Format.Count(worstSlow)})."),
            Value = share,
            Threshold = limit,
            Unit = "share",
            Source = input.Source,
            MetricType = type.MetricType,
            OperationName = worst?.Name,
            Onset = OnsetOf(input, type.MetricType),
            Evidence = new()
            {
                SampleCount = count,
                BeyondLimit = slow,
                Share = share,
                Numbers =
                [
                    new("slow_operation_seconds", seconds, "s"),
                    new("p95_duration", type.Statistics.P95 ?? 0, "s"),
                    new("slow_operations_of_name", worstSlow, ""),
                ],
            },
        };
    }

    private static OnsetQuery OnsetOf(AnalysisInput input, MetricType type)
    {
        double LimitOf(string? name) => name is null ? input.Thresholds.SlowLimit(type) : input.Thresholds.SlowLimit(type, name);
        bool byName = HasOwnLimits(input, type);
        double shortest = byName ? input.Groups.Where(group => group.MetricType == type).Min(group => LimitOf(group.Name)) : LimitOf(null);
        return new(
            new() { Source = input.Source, MetricType = type }, input.Thresholds.SlowOperationShare,
            (name, figures) => new(figures.Durations.Count, figures.Durations.CountAbove(LimitOf(name))), byName)
        {
            MinDuration = Microseconds.FromSeconds(shortest),
            IsBeyond = operation => operation.Duration?.TotalSeconds > LimitOf(byName ? operation.Name : null),
        };
    }
}
