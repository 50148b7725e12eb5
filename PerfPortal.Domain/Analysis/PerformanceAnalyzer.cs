using PerfPortal.Domain.Analysis.Bottlenecks;
using PerfPortal.Domain.Analysis.Recommendations;
using PerfPortal.Domain.Analysis.Scoring;
using PerfPortal.Domain.Analysis.Trends;
using PerfPortal.Domain.Findings;
using PerfPortal.Domain.Journal;
using PerfPortal.Domain.Operations;
using PerfPortal.Domain.Resources;
using PerfPortal.Domain.Settings;
using PerfPortal.Domain.Statistics;
using PerfPortal.Domain.Text;

namespace PerfPortal.Domain.Analysis;

/// <summary>
/// Analyses the last 24 hours: collects one snapshot from rollups, runs the rules on it, then reads the rows behind their findings.
/// Thread-safe. Exceptions of the store propagate.
/// </summary>
public sealed class PerformanceAnalyzer : ISourceListener
{
    // Longer than a sample is fresh.
    private static readonly TimeSpan PastSamples = TimeSpan.FromMinutes(30);

    private readonly StatisticsReader _statistics;
    private readonly EvidenceReader _evidence;
    private readonly OnsetReader _onsets;
    private readonly FirstOperations _first;
    private readonly LatestFailures _failures;
    private readonly IResourceReader _resources;
    private readonly HostMinutes _minutes;
    private readonly AnalysisWindows _windows;
    private readonly TimeProvider _time;

    /// <summary>Creates an analyzer.</summary>
    public PerformanceAnalyzer(
        StatisticsReader statistics, IOperationReader operations, LatestFailures failures, IResourceReader resources, TimeProvider time, AnalysisWindows? windows = null)
    {
        _windows = windows ?? AnalysisWindows.Default;
        _statistics = statistics;
        _evidence = new(operations);
        _onsets = new(statistics, operations, resources);
        _first = new(statistics);
        _failures = failures;
        _resources = resources;
        _minutes = new(resources, time);
        _time = time;
    }

    /// <inheritdoc/>
    public void OnSourceRemoved(string source)
    {
        _minutes.Forget(source);
        _first.Forget(source);
    }

    /// <summary>Runs the analysis.</summary>
    public async Task<AnalysisResult> AnalyzeAsync(AnalysisRequest request, CancellationToken cancellationToken)
    {
        long began = _time.GetTimestamp();
        var input = await GatherAsync(request, cancellationToken).ConfigureAwait(false);
        var bottlenecks = new List<Bottleneck>();
        foreach (var bottleneck in BottleneckRules.Find(input))
        {
            var complete = await _evidence.CompleteAsync(bottleneck, input, cancellationToken).ConfigureAwait(false);
            bottlenecks.Add(await _onsets.DateAsync(complete, input, cancellationToken).ConfigureAwait(false));
        }

        return Conclude(request, input, bottlenecks) with { Milliseconds = _time.GetElapsedTime(began).TotalMilliseconds };
    }

    /// <summary>The result for a source that never reported anything, without reading.</summary>
    public static AnalysisResult OfNothing(AnalysisRequest request)
    {
        ArgumentNullException.ThrowIfNull(request);
        return Conclude(request, new(request.Now, request.Thresholds, []) { Source = request.Source }, []);
    }

    private static AnalysisResult Conclude(AnalysisRequest request, AnalysisInput input, IReadOnlyList<Bottleneck> bottlenecks)
    {
        var summary = input.Total.Statistics;
        return new()
        {
            At = request.Now,
            Windows = input.Windows,
            Range = input.Range,
            Source = request.Source,
            OperationsExamined = summary.Count + summary.Cancelled + summary.Abandoned,
            SamplesExamined = input.Hosts.Sum(host => host.Minutes.Count),
            Summary = summary,
            Types = MetricTypes.All.ToDictionary(
                type => type, type => input.Type(type)?.Statistics ?? new StatisticsBuilder().Build(AnalysisInput.Window)),
            Bottlenecks = [.. bottlenecks.Select(Dated)],
            Recommendations = RecommendationRules.Advise(input),
            Score = PerformanceScoring.Of(input, bottlenecks),
            Trends = ResourceTrends.Of(input),
            Milliseconds = 0,
        };
    }

    /// <summary>The bottleneck with a sentence that says since when.</summary>
    private static Bottleneck Dated(Bottleneck bottleneck) =>
        bottleneck.Since is { } since ? bottleneck with { Sentence = $"{bottleneck.Sentence} Since {Moments.Text(since)}." } : bottleneck;

    /// <summary>Collects the input of the rules.</summary>
    internal async Task<AnalysisInput> GatherAsync(AnalysisRequest request, CancellationToken cancellationToken)
    {
        // The window is the sum of two reads that do not overlap. They meet on a whole hour, because bounds snap to whole hours where only rollups
        // remain and no operation may count twice. The baseline starts and ends on whole hours, so its sum stays valid for an hour.
        var day = request.Now - AnalysisInput.Window;
        var recentFrom = Floor(request.Now - _windows.Recent, TimeSpan.FromHours(1));
        var filter = new SeriesFilter { Source = request.Source };
        var middle = await ReadAsync(new(day, recentFrom), filter, cancellationToken).ConfigureAwait(false);
        var recent = await ReadAsync(new(recentFrom, request.Now), filter, cancellationToken).ConfigureAwait(false);
        var baseline = await ReadAsync(new(recentFrom - _windows.Baseline, recentFrom), filter, cancellationToken).ConfigureAwait(false);
        var groups = Merge(middle, recent).Select(pair => OperationGroup.Of(pair.Key.MetricType!.Value, pair.Key.Name!, pair.Value, AnalysisInput.Window)).ToList();
        var changes = recent.Groups.Where(pair => baseline.Groups.ContainsKey(pair.Key))
            .Select(pair => new RecentChange(pair.Key.MetricType!.Value, pair.Key.Name!, pair.Value, baseline.Groups[pair.Key], recentFrom)).ToList();
        var hosts = await ReadHostsAsync(request, cancellationToken).ConfigureAwait(false);
        var figures = new AnalysisInput(request.Now, request.Thresholds, groups) { Source = request.Source, Windows = _windows };

        // The baseline may reach back before the window: what it has more than the part of the window within it was recorded earlier.
        bool IsNew(OperationGroup group)
        {
            StatisticsGroup key = new() { MetricType = group.MetricType, Name = group.Name };
            return (baseline.Groups.GetValueOrDefault(key)?.Finished ?? 0) <= (middle.Groups.GetValueOrDefault(key)?.Finished ?? 0);
        }

        AnalysisInput input = new(figures)
        {
            Recent = changes,
            Hosts = hosts,
            SlowOperationsCounted = await CountSlowAsync(figures, cancellationToken).ConfigureAwait(false),
            Downloads = !BandwidthRule.MayCompare(figures)
                ? []
                : await _evidence.ReadLatestAsync(
                    figures.Range, filter with { MetricType = MetricType.DownloadOperation }, EvidenceReader.DownloadRows, cancellationToken).ConfigureAwait(false),
            Failures = !RecurringFailureRule.Failing(figures).Any() && !new FailureRateRule().Find(figures).Any()
                ? []
                : await _failures.ReadAsync(figures.Range, request.Source, cancellationToken).ConfigureAwait(false),
        };
        input.FirstSeen = await _first.ReadAsync(input, IsNew, cancellationToken).ConfigureAwait(false);
        return input;
    }

    private async Task<IReadOnlyDictionary<MetricType, long>> CountSlowAsync(AnalysisInput figures, CancellationToken cancellationToken)
    {
        var counted = new Dictionary<MetricType, long>();
        foreach (var type in SlowOperationsRule.NeedCounting(figures))
        {
            var limit = Microseconds.FromSeconds(figures.Thresholds.SlowLimit(type));
            if (await _evidence.CountSlowAsync(figures.Range, figures.Source, type, limit, cancellationToken).ConfigureAwait(false) is { } slow)
            {
                counted[type] = slow;
            }
        }

        return counted;
    }

    private static DateTimeOffset Floor(DateTimeOffset time, TimeSpan unit) => new(time.UtcTicks - time.UtcTicks % unit.Ticks, TimeSpan.Zero);

    private static Dictionary<StatisticsGroup, StatisticsBuilder> Merge(StatisticsAnswer a, StatisticsAnswer b)
    {
        var groups = new Dictionary<StatisticsGroup, StatisticsBuilder>(a.Groups);
        foreach (var (group, figures) in b.Groups)
        {
            groups[group] = groups.TryGetValue(group, out var others) ? FigureMerge.Of([others, figures]) : figures;
        }

        return groups;
    }

    private Task<StatisticsAnswer> ReadAsync(TimeRange range, SeriesFilter filter, CancellationToken cancellationToken) =>
        _statistics.ReadAsync(new(range, filter, StatisticsGrouping.MetricType | StatisticsGrouping.Name), cancellationToken);

    private async Task<IReadOnlyList<HostResources>> ReadHostsAsync(AnalysisRequest request, CancellationToken cancellationToken)
    {
        var from = request.Now - AnalysisInput.Window;
        var hosts = new List<HostResources>();
        var latest = await _resources.ReadLatestAsync(cancellationToken).ConfigureAwait(false);
        foreach (var sample in latest.Where(sample => sample.SampledAt >= from && (request.Host is null || sample.Source == request.Host))
            .OrderBy(sample => sample.Source, StringComparer.Ordinal))
        {
            var minutes = await _minutes.ReadAsync(sample.Source, from, request.Now, cancellationToken).ConfigureAwait(false);
            hosts.Add(new(sample.Source, sample.SampledAt <= request.Now ? sample : await ReadLastAsync(sample.Source, request.Now, cancellationToken).ConfigureAwait(false), minutes));
        }

        return hosts;
    }

    /// <summary>The latest sample of a host at a past moment; <see langword="null"/> where none is kept.</summary>
    private async Task<ResourceSample?> ReadLastAsync(string host, DateTimeOffset at, CancellationToken cancellationToken)
    {
        ResourceSample? last = null;
        await _resources.ReadSamplesAsync(host, new(at - PastSamples, at.AddTicks(1)), (sample, _) => last = sample, cancellationToken).ConfigureAwait(false);
        return last;
    }
}
