using PerfPortal.Domain.Analysis.Comparison;
using PerfPortal.Domain.Analysis.Series;
using PerfPortal.Domain.Findings;
using PerfPortal.Domain.Journal;
using PerfPortal.Domain.Operations;
using PerfPortal.Domain.Statistics;

namespace PerfPortal.Domain.Analysis.Recommendations.Effects;

/// <summary>Measures what applied recommendations did. Exceptions of the store propagate.</summary>
public sealed class EffectMeter(SeriesReader series, TimeProvider time)
{
    private const long MinimumOperations = 10;
    private static readonly TimeSpan Hour = TimeSpan.FromHours(1);

    /// <summary>Measures each applied recommendation whose result can still change, and records what differs.</summary>
    public async Task MeasureAsync(RecommendationLedger ledger, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(ledger);
        var measured = new Dictionary<string, RecommendationEffect>();
        foreach (var item in await ledger.ListAsync(cancellationToken).ConfigureAwait(false))
        {
            if (item is { State: RecommendationState.Applied, ChangedAt: { } applied } && !IsFinal(item, applied) && EffectWindows.Of(applied, time.GetUtcNow()) is { } windows)
            {
                measured[item.Id] = await MeasureAsync(item, windows, cancellationToken).ConfigureAwait(false);
            }
        }

        await ledger.RecordEffectsAsync(measured, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Measures one recommendation over given periods.</summary>
    public async Task<RecommendationEffect> MeasureAsync(Recommendation item, EffectWindows windows, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(item);
        ArgumentNullException.ThrowIfNull(windows);
        var measure = EffectMeasure.Of(item);
        var filter = new SeriesFilter { MetricType = item.MetricType, Name = item.OperationName, Source = item.Source };
        var change = measure.Metric is not null ? await OfHostAsync(item, measure, windows, cancellationToken).ConfigureAwait(false)
            : measure == EffectMeasure.TimePerHour || measure == EffectMeasure.Tail ? await PerHourAsync(filter, measure, windows, cancellationToken).ConfigureAwait(false)
            : await OfOperationsAsync(filter, measure, windows, cancellationToken).ConfigureAwait(false);
        return EffectJudge.Judge(measure, change, windows);
    }

    // The last measurement covers the whole period after.
    private static bool IsFinal(Recommendation item, DateTimeOffset applied) =>
        item.Effect is { } effect && effect.AfterRange.From >= applied && effect.AfterRange.Length >= EffectWindows.Longest;

    private async Task<EffectChange?> OfHostAsync(Recommendation item, EffectMeasure measure, EffectWindows windows, CancellationToken cancellationToken)
    {
        async Task<IReadOnlyList<double>> ReadAsync(TimeRange range) =>
            (await series.ReadResourcesAsync(item.Source!, range, Hour, cancellationToken).ConfigureAwait(false)).FirstOrDefault(one => one.Metric == measure.Metric)?.Values
            ?? [.. Enumerable.Repeat(double.NaN, (int)(range.Length / Hour))];
        return item.Source is null ? null : EffectChange.Of(PairedChange.Of(await ReadAsync(windows.Before).ConfigureAwait(false), await ReadAsync(windows.After).ConfigureAwait(false)));
    }

    private async Task<EffectChange?> PerHourAsync(SeriesFilter filter, EffectMeasure measure, EffectWindows windows, CancellationToken cancellationToken)
    {
        async Task<double[]> ReadAsync(TimeRange range)
        {
            double[] hours = new double[(int)(range.Length / Hour)];
            double[] weights = new double[hours.Length];
            foreach (var one in await series.ReadOperationsAsync(range, Hour, filter, cancellationToken).ConfigureAwait(false))
            {
                for (int i = 0; i < hours.Length && i < one.Points.Count; i++)
                {
                    var point = one.Points[i];
                    if (point.Finished > 0)
                    {
                        weights[i] += point.Finished;
                        hours[i] += point.Finished * (measure == EffectMeasure.Tail ? point.P95 : point.Mean);
                    }
                }
            }

            // An hour without operations took no time, but has no P95.
            return measure == EffectMeasure.Tail ? [.. hours.Zip(weights, (sum, weight) => weight == 0 ? double.NaN : sum / weight)] : hours;
        }

        return EffectChange.Of(PairedChange.Of(await ReadAsync(windows.Before).ConfigureAwait(false), await ReadAsync(windows.After).ConfigureAwait(false)));
    }

    private async Task<EffectChange?> OfOperationsAsync(SeriesFilter filter, EffectMeasure measure, EffectWindows windows, CancellationToken cancellationToken)
    {
        const StatisticsGrouping Names = StatisticsGrouping.MetricType | StatisticsGrouping.Name;
        var before = await series.ReadFiguresAsync(windows.Before, filter, Names, cancellationToken).ConfigureAwait(false);
        var after = await series.ReadFiguresAsync(windows.After, filter, Names, cancellationToken).ConfigureAwait(false);
        if (measure == EffectMeasure.FailureRate)
        {
            var (was, isNow) = (FigureMerge.Of(before.Groups.Values), FigureMerge.Of(after.Groups.Values));
            return was.Finished < MinimumOperations || isNow.Finished < MinimumOperations ? null : EffectChange.OfShares(was.Finished - was.Succeeded, was.Finished, isNow.Finished - isNow.Succeeded, isNow.Finished);
        }

        var comparison = new StratifiedComparison(before.Groups.Keys.Union(after.Groups.Keys).Select(group => new NamePair(
            group.MetricType!.Value, group.Name!, after.Groups.GetValueOrDefault(group), before.Groups.GetValueOrDefault(group))));
        var split = comparison.Split();
        if (comparison.ComparableCount < MinimumOperations || comparison.BaseComparableCount < MinimumOperations
            || split is not { PerformanceRatio: { } ratio, PerformanceLow: { } low, PerformanceHigh: { } high })
        {
            return null;
        }

        double? mean = FigureMerge.Of(before.Groups.Values).Mean;
        return new(mean, mean * ratio, ratio - 1, low - 1, high - 1, comparison.ComparableCount);
    }
}
