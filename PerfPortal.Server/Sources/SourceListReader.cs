using PerfPortal.Domain.Journal;
using PerfPortal.Domain.Operations;
using PerfPortal.Domain.Resources;
using PerfPortal.Domain.Statistics;
using PerfPortal.Domain.Tracking;
using PerfPortal.Server.Views.Losses;

namespace PerfPortal.Server.Sources;

/// <summary>A source with what is stored of it.</summary>
/// <param name="Name">The source.</param>
/// <param name="Operations">The number of operations in its statistics, for as long as these are kept.</param>
/// <param name="Running">The number of operations in progress.</param>
/// <param name="LastReportAt">When its latest operation started or its latest sample was taken; <see langword="null"/> when neither is stored any more.</param>
/// <param name="Losses">What it reported and the portal does not have, the latest first.</param>
internal sealed record SourceRow(string Name, long Operations, int Running, DateTimeOffset? LastReportAt, IReadOnlyList<Loss> Losses);

/// <summary>Lists the sources, without the portal itself.</summary>
internal sealed class SourceListReader(
    IOperationReader operations, StatisticsReader statistics, IResourceReader resources, ActiveOperations active, RetentionHorizons horizons, LossKeeper keeper)
{
    /// <summary>Returns the sources whose names contain a text, in alphabetical order, a page at a time.</summary>
    /// <param name="text">The text, ignoring case; <see langword="null"/> or empty for all.</param>
    /// <param name="page">Selects the page of all names.</param>
    /// <param name="cancellationToken">Cancels the operation.</param>
    public async Task<(IReadOnlyList<SourceRow> Rows, TPage Page)> ReadAsync<TPage>(
        string? text, Func<IReadOnlyList<string>, (IReadOnlyList<string> Names, TPage Page)> page, CancellationToken cancellationToken)
    {
        var running = active.List().Where(entry => !entry.IsInProcess).CountBy(entry => entry.Current.Source, StringComparer.Ordinal).ToDictionary();
        var losses = await keeper.ReadAsync(cancellationToken).ConfigureAwait(false);
        string[] all = [.. operations.ReadSources().Union(running.Keys, StringComparer.Ordinal).Union(losses.Select(loss => loss.Source), StringComparer.Ordinal)
            .Where(source => string.IsNullOrEmpty(text) || source.Contains(text, StringComparison.OrdinalIgnoreCase)).Order(StringComparer.OrdinalIgnoreCase).ThenBy(source => source, StringComparer.Ordinal)];
        var (names, selected) = page(all);
        var range = new TimeRange(horizons.OldestHour, horizons.LatestEnd);
        var counted = await statistics.ReadAsync(new(range, SeriesFilter.Everyone, StatisticsGrouping.Source, WithFacts: false), cancellationToken).ConfigureAwait(false);
        var samples = (await resources.ReadLatestAsync(cancellationToken).ConfigureAwait(false)).ToDictionary(sample => sample.Source, StringComparer.Ordinal);
        var counts = counted.Groups.Keys.ToDictionary(group => group.Source!, group => counted.Of(group) is var figures ? figures.Count + figures.Cancelled + figures.Abandoned : 0, StringComparer.Ordinal);
        var rows = new List<SourceRow>(names.Count);
        foreach (string name in names)
        {
            var last = Later(await LastAsync(name, range, cancellationToken).ConfigureAwait(false), samples.GetValueOrDefault(name));
            rows.Add(new(name, counts.GetValueOrDefault(name), running.GetValueOrDefault(name), last, [.. losses.Where(loss => loss.Source == name)]));
        }

        return (rows, selected);
    }

    private async Task<DateTimeOffset?> LastAsync(string source, TimeRange range, CancellationToken cancellationToken)
    {
        var filter = new OperationFilter { Series = new() { Source = source } };
        var page = await operations.ReadPageAsync(new(range, filter, OperationOrder.StartDescending, 1, null), cancellationToken).ConfigureAwait(false);
        return page.Items is [var latest] ? latest.StartTime : null;
    }

    private static DateTimeOffset? Later(DateTimeOffset? operation, ResourceSample? sample) =>
        sample is null || operation > sample.SampledAt ? operation : sample.SampledAt;
}
