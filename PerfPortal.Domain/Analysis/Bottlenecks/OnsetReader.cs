using System.Collections.Concurrent;
using PerfPortal.Domain.Findings;
using PerfPortal.Domain.Journal;
using PerfPortal.Domain.Operations;
using PerfPortal.Domain.Resources;
using PerfPortal.Domain.Statistics;

namespace PerfPortal.Domain.Analysis.Bottlenecks;

/// <summary>
/// Finds since when the condition of a bottleneck has held, from rollups: the hour in as many days as it takes, then the minute, then the first operation beyond the limit where rows
/// are kept. The answer depends on the data alone, so it neither starts with the window nor moves with it. Results are kept for <see cref="Kept"/>, at most
/// <see cref="MaxKept"/>. Thread-safe.
/// </summary>
internal sealed class OnsetReader(StatisticsReader statistics, IOperationReader operations, IResourceReader resources)
{
    /// <summary>How long a result is kept: finding it reads days of rollups, and it rarely changes.</summary>
    public static readonly TimeSpan Kept = TimeSpan.FromMinutes(5);

    /// <summary>The maximum number of kept results.</summary>
    public const int MaxKept = 100;

    private const int Candidates = 50;

    // The window of the analysis in whole hours, and the partial one at its edge.
    private const int WindowHours = 25;
    private static readonly TimeSpan Hour = TimeSpan.FromHours(1);

    // Most conditions began within a week; longer ranges are read only for those that held from its first day on.
    private static readonly TimeSpan[] Reaches = [TimeSpan.FromDays(7), TimeSpan.FromDays(30), TimeSpan.FromDays(120)];

    private readonly ConcurrentDictionary<string, (DateTimeOffset At, DateTimeOffset? Since)> _kept = new(StringComparer.Ordinal);

    /// <summary>Sets when the bottleneck's condition began; unchanged when the data does not tell.</summary>
    public async Task<Bottleneck> DateAsync(Bottleneck bottleneck, AnalysisInput input, CancellationToken cancellationToken)
    {
        string key = string.Join('\u001f', input.Source, bottleneck.Kind, bottleneck.Source, bottleneck.MetricType?.WireName(), bottleneck.Onset?.Filter.Name, bottleneck.Onset?.MinDuration, bottleneck.Threshold);
        if (!_kept.TryGetValue(key, out var kept) || input.Now < kept.At || input.Now - kept.At >= Kept)
        {
            var since = bottleneck.Onset is { } query ? await SinceAsync(query, input.Now, cancellationToken).ConfigureAwait(false)
                : BottleneckKinds.IsResource(bottleneck.Kind) ? await SinceAsync(bottleneck, input, cancellationToken).ConfigureAwait(false) : null;
            if (_kept.Count >= MaxKept)
            {
                _kept.Clear();
            }

            _kept[key] = kept = (input.Now, since);
        }

        return bottleneck with { Since = kept.Since ?? bottleneck.Since, Onset = null };
    }

    private async Task<DateTimeOffset?> SinceAsync(OnsetQuery query, DateTimeOffset now, CancellationToken cancellationToken)
    {
        DateTimeOffset? hour = null;
        foreach (var reach in Reaches)
        {
            var from = query.Earliest ?? Floor(now - reach, TimeSpan.FromDays(1));
            hour = await FindAsync(query, new(from, now), Hour, query.Earliest is null ? WindowHours : null, cancellationToken).ConfigureAwait(false);
            if (hour is null || query.Earliest is not null || hour >= from.AddDays(1))
            {
                break;
            }
        }

        if (hour is not { } first)
        {
            return null;
        }

        // The excess can begin within the hour before, whose other operations outweigh it.
        var near = new TimeRange(first - Hour, first + Hour < now ? first + Hour : now);
        var minute = await FindAsync(query, near, StatisticsReader.FinestStep, null, cancellationToken).ConfigureAwait(false) ?? first;
        return await FirstAsync(query, new(minute, minute + StatisticsReader.FinestStep), cancellationToken).ConfigureAwait(false) ?? minute;
    }

    private async Task<DateTimeOffset?> FindAsync(OnsetQuery query, TimeRange range, TimeSpan step, int? window, CancellationToken cancellationToken)
    {
        var grid = BucketGrid.Over(range, (int)(range.Length / step) + 2, step);
        var grouping = query.ByName ? StatisticsGrouping.Name : StatisticsGrouping.None;
        var answer = await statistics.ReadAsync(new(range, query.Filter, grouping, grid, WithFacts: false), cancellationToken).ConfigureAwait(false);
        grid = answer.Grid!;
        var steps = new OnsetStep[grid.Count];
        foreach (var (group, figures) in answer.Groups)
        {
            if (group.Step >= 0 && group.Step < steps.Length)
            {
                var counted = query.Count(group.Name, figures);
                steps[group.Step] = new(steps[group.Step].Count + counted.Count, steps[group.Step].Beyond + counted.Beyond);
            }
        }

        return Onset.Of(steps, query.Limit, window) is { } index ? grid.Start(index) : null;
    }

    /// <summary>The end of the first operation beyond the limit in a minute; <see langword="null"/> where only rollups remain.</summary>
    private async Task<DateTimeOffset?> FirstAsync(OnsetQuery query, TimeRange minute, CancellationToken cancellationToken)
    {
        var filter = new OperationFilter { Series = query.Filter, MinDuration = query.MinDuration };
        var page = await operations.ReadPageAsync(new(minute, filter, OperationOrder.DurationDescending, Candidates, null), cancellationToken).ConfigureAwait(false);
        return page.Items.Where(operation => operation.Status is OperationStatus.Succeeded or OperationStatus.Failed && query.IsBeyond(operation)).Min(operation => operation.EndTime);
    }

    /// <summary>A condition that held from the start of the window on began earlier, as far as hours tell.</summary>
    private async Task<DateTimeOffset?> SinceAsync(Bottleneck bottleneck, AnalysisInput input, CancellationToken cancellationToken)
    {
        var host = input.Hosts.First(host => host.Source == bottleneck.Source);
        if (host.Minutes.Count == 0 || bottleneck.Since is not { } since || since >= host.Minutes[0].Time + Hour)
        {
            return bottleneck.Since;
        }

        DateTimeOffset? found = since;
        foreach (var reach in Reaches)
        {
            var from = Floor(input.Now - reach, TimeSpan.FromDays(1));
            var hours = await ReadAsync(host.Source, RollupResolution.Hour, new(from, input.Now), cancellationToken).ConfigureAwait(false);
            found = ResourcePressureRule.Of(bottleneck.Kind) is { } rule
                ? rule.Since(hours, input.Thresholds, WindowHours)
                : LowDiskRule.Since(since, [.. hours.Where(hour => hour.Time < since)], input.Thresholds.LowDiskGb);
            if (found is null || found >= from.AddDays(1))
            {
                break;
            }
        }

        return found < since ? await RefineAsync(bottleneck, host.Source, found.Value, input, cancellationToken).ConfigureAwait(false) : since;
    }

    /// <summary>
    /// The minute in which a condition began: the hour begins before its first measurement, and the condition can begin within the hour before, whose other minutes outweigh it. The hour where only
    /// hours are kept.
    /// </summary>
    private async Task<DateTimeOffset> RefineAsync(Bottleneck bottleneck, string host, DateTimeOffset hour, AnalysisInput input, CancellationToken cancellationToken)
    {
        var minutes = await ReadAsync(host, RollupResolution.Minute, new(hour - Hour, hour + Hour - StatisticsReader.FinestStep), cancellationToken).ConfigureAwait(false);
        var since = ResourcePressureRule.Of(bottleneck.Kind) is { } rule
            ? rule.Since(minutes, input.Thresholds, null)
            : LowDiskRule.Since(hour + Hour, minutes, input.Thresholds.LowDiskGb) is var began && began < hour + Hour ? began : null;
        return since < bottleneck.Since ? since.Value : since is null ? hour : bottleneck.Since!.Value;
    }

    private async Task<List<ResourceMinute>> ReadAsync(string host, RollupResolution resolution, TimeRange range, CancellationToken cancellationToken)
    {
        var steps = new List<ResourceMinute>();
        await resources.ReadResourceRollupsAsync(
            host, resolution, RollupBuckets.Of(resolution, range.From), RollupBuckets.Of(resolution, range.To) + 1,
            (bucket, figures) => steps.Add(new(RollupBuckets.Start(resolution, bucket), figures)), cancellationToken).ConfigureAwait(false);
        return steps;
    }

    private static DateTimeOffset Floor(DateTimeOffset time, TimeSpan unit) => new(time.UtcTicks - time.UtcTicks % unit.Ticks, TimeSpan.Zero);
}
