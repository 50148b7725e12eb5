using System.Collections.Concurrent;
using PerfPortal.Domain.Analysis.Recommendations;
using PerfPortal.Domain.Journal;
using PerfPortal.Domain.Operations;
using PerfPortal.Domain.Statistics;

namespace PerfPortal.Domain.Analysis;

/// <summary>
/// Finds since when the operations are observed whose sums over the window a recommendation states: what began a few minutes ago says nothing about a day. Only names that may be new in the
/// window are looked up, and a result is kept until a source is removed. Thread-safe.
/// </summary>
internal sealed class FirstOperations(StatisticsReader statistics)
{
    /// <summary>The maximum number of kept results.</summary>
    public const int MaxKept = 1_000;

    /// <summary>The maximum number of names that are looked up in one analysis.</summary>
    public const int MaxRead = 50;

    /// <summary>A name that ran in this time before the window is not new, even if it paused for long.</summary>
    private static readonly TimeSpan Earlier = TimeSpan.FromDays(7);

    private readonly ConcurrentDictionary<(string? Source, MetricType Type, string Name), DateTimeOffset> _kept = [];

    /// <summary>Forgets what rests on the operations of a source.</summary>
    public void Forget(string source)
    {
        foreach (var key in _kept.Keys.Where(key => key.Source is null || key.Source == source))
        {
            _kept.TryRemove(key, out _);
        }
    }

    /// <summary>Returns when new names of recommendations were first seen.</summary>
    /// <param name="input">What the rules read.</param>
    /// <param name="isNew">Whether a group may be new, as far as is known without reading.</param>
    /// <param name="cancellationToken">Cancels the operation.</param>
    public async Task<IReadOnlyDictionary<(MetricType Type, string Name), DateTimeOffset>> ReadAsync(
        AnalysisInput input, Func<OperationGroup, bool> isNew, CancellationToken cancellationToken)
    {
        var found = new Dictionary<(MetricType, string), DateTimeOffset>();
        var subjects = RecommendationRules.Advise(input).Where(item => item.Gain.Unit.EndsWith(Subject.PerDay, StringComparison.Ordinal))
            .Select(item => (item.MetricType, item.OperationName)).Distinct().ToList();
        int left = MaxRead;
        foreach (var group in input.Groups.Where(group => subjects.Exists(subject => subject.MetricType == group.MetricType && (subject.OperationName ?? group.Name) == group.Name)).Where(isNew))
        {
            var key = (input.Source, group.MetricType, group.Name);
            if (!_kept.TryGetValue(key, out var first) || first > input.Now)
            {
                if (left-- == 0)
                {
                    break;
                }

                if (await FirstAsync(input, group, cancellationToken).ConfigureAwait(false) is not { } read)
                {
                    continue;
                }

                if (_kept.Count >= MaxKept)
                {
                    _kept.Clear();
                }

                _kept[key] = first = read;
            }

            if (first >= input.Range.From)
            {
                found[(group.MetricType, group.Name)] = first;
            }
        }

        return found;
    }

    private async Task<DateTimeOffset?> FirstAsync(AnalysisInput input, OperationGroup group, CancellationToken cancellationToken)
    {
        var filter = new SeriesFilter { Source = input.Source, MetricType = group.MetricType, Name = group.Name };
        var hour = TimeSpan.FromHours(1);
        var before = await statistics.ReadAsync(new(new(input.Range.From - Earlier, input.Range.From), filter), cancellationToken).ConfigureAwait(false);
        if (before.Groups.Values.Any(figures => figures.Finished > 0))
        {
            return DateTimeOffset.MinValue;
        }

        if (await FirstStepAsync(filter, input.Range, hour, cancellationToken).ConfigureAwait(false) is not { } first)
        {
            return null;
        }

        var end = first + hour < input.Now ? first + hour : input.Now;
        return end > first ? await FirstStepAsync(filter, new(first, end), StatisticsReader.FinestStep, cancellationToken).ConfigureAwait(false) ?? first : first;
    }

    private async Task<DateTimeOffset?> FirstStepAsync(SeriesFilter filter, TimeRange range, TimeSpan step, CancellationToken cancellationToken)
    {
        var grid = BucketGrid.Over(range, (int)(range.Length / step) + 2, step);
        var answer = await statistics.ReadAsync(new(range, filter, StatisticsGrouping.None, grid, WithFacts: false), cancellationToken).ConfigureAwait(false);
        var steps = answer.Groups.Where(pair => pair.Value.Finished > 0).Select(pair => pair.Key.Step).ToList();
        return steps.Count == 0 ? null : answer.Grid!.Start(steps.Min());
    }
}
