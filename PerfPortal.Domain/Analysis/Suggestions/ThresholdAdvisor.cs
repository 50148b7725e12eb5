using PerfPortal.Domain.Analysis.Series;
using PerfPortal.Domain.Journal;
using PerfPortal.Domain.Operations;
using PerfPortal.Domain.Resources;
using PerfPortal.Domain.Settings;
using PerfPortal.Domain.Statistics;

namespace PerfPortal.Domain.Analysis.Suggestions;

/// <summary>
/// Suggests thresholds from the last two weeks: for each day the lowest limit that the rule would not have exceeded, given the share in effect. Resources by hourly means of each host, slow
/// operations per type by the quantile of their durations, the failure rate over all operations.
/// </summary>
public sealed class ThresholdAdvisor(SeriesReader series, StatisticsReader statistics, TimeProvider time)
{
    /// <summary>The days looked at.</summary>
    public static readonly TimeSpan History = TimeSpan.FromDays(14);

    private const int HoursOfDay = 24;
    private const int MinimumHours = 12;
    private const long MinimumOperations = 20;
    private static readonly TimeSpan Hour = TimeSpan.FromHours(1);

    private static readonly (string WireName, ResourceMetric Metric)[] Resources =
    [
        ("high_cpu_percent", ResourceMetric.CpuPercent), ("high_memory_percent", ResourceMetric.MemoryPercent), ("high_gpu_memory_percent", ResourceMetric.GpuMemoryPercent),
    ];

    /// <summary>Returns a suggestion for each threshold that the history can judge.</summary>
    public async Task<IReadOnlyList<ThresholdSuggestion>> SuggestAsync(PerformanceThresholds thresholds, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(thresholds);

        // Whole days, so that each contains a day and a night.
        var now = time.GetUtcNow();
        var end = new DateTimeOffset(now.UtcTicks - (now.UtcTicks % TimeSpan.TicksPerDay), TimeSpan.Zero);
        var range = new TimeRange(end - History, end);
        return
        [
            .. await OfOperationsAsync(range, thresholds, cancellationToken).ConfigureAwait(false),
            .. await OfResourcesAsync(range, thresholds, cancellationToken).ConfigureAwait(false),
        ];
    }

    /// <summary>Returns the thresholds with every suggestion applied; the same ones when there is none.</summary>
    public static PerformanceThresholds Apply(PerformanceThresholds thresholds, IEnumerable<ThresholdSuggestion> suggestions) =>
        suggestions.Where(suggestion => suggestion.IsChange).Aggregate(thresholds, (now, suggestion) => Info(suggestion.WireName).With(now, suggestion.Suggested!.Value));

    private async Task<IReadOnlyList<ThresholdSuggestion>> OfOperationsAsync(TimeRange range, PerformanceThresholds thresholds, CancellationToken cancellationToken)
    {
        var grid = BucketGrid.Over(range, int.MaxValue, TimeSpan.FromDays(1));
        var answer = await statistics.ReadAsync(new(range, SeriesFilter.Everyone, StatisticsGrouping.MetricType, grid, WithFacts: false), cancellationToken).ConfigureAwait(false);
        var enough = answer.Groups.Where(group => group.Value.Finished >= MinimumOperations).ToList();
        var rates = answer.Groups.GroupBy(group => group.Key.Step).Select(day => (Finished: day.Sum(type => type.Value.Finished), Failed: day.Sum(type => type.Value.Finished - type.Value.Succeeded)))
            .Where(day => day.Finished >= MinimumOperations).Select(day => (double)day.Failed / day.Finished);
        return
        [
            DailyLimit.Suggest(Info("failure_rate"), thresholds.FailureRate, rates, rate => Math.Max(0.01, Math.Ceiling(rate * 200) / 200),
                floor: SuggestionFloors.FailureRate),
            .. MetricTypes.All.Where(type => enough.Exists(group => group.Key.MetricType == type)).Select(type => DailyLimit.Suggest(
                Info("slow_operation_seconds_" + type.WireName()), thresholds.SlowLimit(type),
                enough.Where(group => group.Key.MetricType == type).Select(group => group.Value.Quantile(1 - thresholds.SlowOperationShare) ?? double.NaN),
                DailyLimit.TwoDigits, floor: SuggestionFloors.SlowSeconds(type))),
        ];
    }

    private async Task<IReadOnlyList<ThresholdSuggestion>> OfResourcesAsync(TimeRange range, PerformanceThresholds thresholds, CancellationToken cancellationToken)
    {
        var days = Resources.ToDictionary(resource => resource.Metric, _ => new List<double>());
        foreach (var host in await series.ReadHostsAsync(cancellationToken).ConfigureAwait(false))
        {
            foreach (var metric in await series.ReadResourcesAsync(host.Source, range, Hour, cancellationToken).ConfigureAwait(false))
            {
                if (days.TryGetValue(metric.Metric, out var limits))
                {
                    limits.AddRange(metric.Values.Chunk(HoursOfDay).Select(day => LimitOf(day, thresholds.ResourceShare)));
                }
            }
        }

        return
        [
            .. Resources.Where(resource => days[resource.Metric].Exists(double.IsFinite))
                .Select(resource => DailyLimit.Suggest(Info(resource.WireName), Info(resource.WireName).Get(thresholds), days[resource.Metric], Math.Ceiling, "days of hosts", SuggestionFloors.Percent(resource.Metric))),
        ];
    }

    /// <summary>The value that a day's hours exceeded for exactly the allowed share of the time.</summary>
    private static double LimitOf(double[] hours, double share)
    {
        double[] measured = [.. hours.Where(double.IsFinite).Order()];
        return measured.Length < MinimumHours ? double.NaN : measured[Math.Clamp((int)Math.Ceiling((1 - share) * measured.Length) - 1, 0, measured.Length - 1)];
    }

    private static ThresholdInfo Info(string wireName) =>
        ThresholdCatalog.TryFind(wireName, out var info) ? info : throw new InvalidOperationException($"There is no threshold {wireName}.");
}
