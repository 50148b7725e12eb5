using PerfPortal.Domain.Analysis.Series;
using PerfPortal.Domain.Findings;
using PerfPortal.Domain.Journal;
using PerfPortal.Domain.Operations;
using PerfPortal.Domain.Statistics;
using PerfPortal.Domain.Text;

namespace PerfPortal.Domain.Analysis.Regressions.Causes;

/// <summary>Who was running when operations of a name changed: the sources that ran the name, and what else took time in the hour after. It is told whether or not a cause is known.</summary>
/// <param name="Sentence">One sentence; <see langword="null"/> when nothing ended since.</param>
/// <param name="Operations">The slowest operations since or, for failures, the latest failed ones.</param>
internal sealed record Company(string? Sentence, IReadOnlyList<OperationReference> Operations);

/// <summary>Reads who was running.</summary>
internal sealed class CompanyReader(SeriesReader series, IOperationReader operations)
{
    private const int MaxOperations = 5;
    private const int MaxNames = 3;
    private const double MinimumShare = 0.1;
    private static readonly TimeSpan Beside = TimeSpan.FromHours(1);
    private static readonly TimeSpan Longest = TimeSpan.FromDays(1);

    /// <summary>Reads who was running at a change and shows it.</summary>
    public async Task<Company> ReadAsync(Unexplained change, bool isFailure, CancellationToken cancellationToken)
    {
        var of = await series.ReadFiguresAsync(change.After, change.Filter, StatisticsGrouping.Source, cancellationToken).ConfigureAwait(false);
        var end = change.High + Beside < change.After.To ? change.High + Beside : change.After.To;
        var beside = await series.ReadFiguresAsync(
            new(change.Low, end > change.Low ? end : change.After.To), SeriesFilter.Everyone, StatisticsGrouping.MetricType | StatisticsGrouping.Name, cancellationToken).ConfigureAwait(false);
        return new(Sentence(of, beside, change), await OperationsAsync(change, isFailure, cancellationToken).ConfigureAwait(false));
    }

    /// <summary>The sources with their shares, then the names that took most time beside it; only what is at least a tenth of the whole.</summary>
    internal static string? Sentence(StatisticsAnswer sources, StatisticsAnswer beside, Unexplained change)
    {
        double count = sources.Groups.Values.Sum(figures => (double)figures.Finished);
        if (count == 0)
        {
            return null;
        }

        string[] ran =
        [
            .. sources.Groups.Select(pair => (pair.Key.Source, Share: pair.Value.Finished / count)).Where(source => source.Share >= MinimumShare)
                .OrderByDescending(source => source.Share).ThenBy(source => source.Source, StringComparer.Ordinal).Take(MaxNames)
                .Select(source => source.Share > 0.999 ? source.Source! : $"{source.Source} ({Format.Ratio(Math.Round(source.Share, 2))})"),
        ];
        var times = beside.Groups.Select(pair => (pair.Key, Seconds: SecondsOf(pair.Value, beside.Range.Range.Length))).ToList();
        double total = times.Sum(name => name.Seconds);
        string[] others =
        [
            .. times.Where(name => (name.Key.MetricType, name.Key.Name) != (change.MetricType, change.Name) && name.Seconds >= MinimumShare * total && name.Seconds > 0)
                .OrderByDescending(name => name.Seconds).ThenBy(name => name.Key.Name, StringComparer.Ordinal).Take(MaxNames)
                .Select(name => $"{name.Key.Name} ({Format.Ratio(Math.Round(name.Seconds / total, 2))} of all operation time)"),
        ];
        string head = ran.Length == 0 ? $"It ran on {Format.Count((long)sources.Groups.Count)} sources" : $"It ran on {List(ran)}";
        return others.Length == 0 ? $"{head}; nothing else took much time when it began." : $"{head}; beside it ran {List(others)} when it began.";
    }

    private async Task<IReadOnlyList<OperationReference>> OperationsAsync(Unexplained change, bool isFailure, CancellationToken cancellationToken)
    {
        var from = change.After.To - change.After.From > Longest ? change.After.To - Longest : change.After.From;
        var filter = change.Filter with { Status = isFailure ? OperationStatus.Failed : null };
        var page = await operations.ReadPageAsync(
            new(new(from, change.After.To), new() { Series = filter }, isFailure ? OperationOrder.StartDescending : OperationOrder.DurationDescending, MaxOperations, null), cancellationToken).ConfigureAwait(false);
        return [.. page.Items.Where(operation => operation.EndTime is not null).Take(MaxOperations).Select(OperationReference.To)];
    }

    private static double SecondsOf(StatisticsBuilder figures, TimeSpan length) => figures.Build(length) is { Mean: { } mean, Count: var count } ? mean * count : 0;

    private static string List(string[] words) =>
        words.Length < 2 ? string.Concat(words) : string.Join(", ", words[..^1]) + " and " + words[^1];
}
