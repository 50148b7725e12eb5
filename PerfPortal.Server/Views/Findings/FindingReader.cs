using PerfPortal.Domain.Analysis.Insight;
using PerfPortal.Domain.Findings;
using PerfPortal.Domain.Operations;
using PerfPortal.Domain.Statistics;
using PerfPortal.Server.Caching;

namespace PerfPortal.Server.Views.Findings;

/// <summary>Which findings are asked for.</summary>
/// <param name="Range">Those that lasted at some time in this range.</param>
/// <param name="Series">The source, metric type and name; without a source, all of them.</param>
internal sealed record FindingQuery(TimeRange Range, SeriesFilter Series)
{
    /// <summary>The kinds; <see langword="null"/> for all.</summary>
    public IReadOnlyList<FindingKind>? Kinds { get; init; }

    /// <summary>The state; <see langword="null"/> for both.</summary>
    public FindingState? State { get; init; }
}

/// <summary>Reads the findings for pages, endpoints and the hub.</summary>
internal sealed class FindingReader(FindingLedger ledger, SourceOperations operations, TimeProvider time)
{
    private static readonly TimeSpan Window = TimeSpan.FromDays(1);

    private readonly RecentReads _runs = new(time);

    /// <summary>Changes whenever a list of findings may have changed.</summary>
    public long Version => ledger.Version;

    /// <summary>Returns the finding with this ID, or <see langword="null"/>.</summary>
    public async Task<Finding?> FindAsync(string id, CancellationToken cancellationToken) =>
        (await ledger.ListAsync(cancellationToken).ConfigureAwait(false)).FirstOrDefault(finding => finding.Id == id);

    /// <summary>Returns findings: open ones first, the largest impact first. With a source, those over all sources too that are about operations it runs.</summary>
    public async Task<IReadOnlyList<Finding>> ListAsync(FindingQuery query, CancellationToken cancellationToken)
    {
        var all = await ledger.ListAsync(cancellationToken).ConfigureAwait(false);
        var wanted = all.Where(finding => Passes(finding, query)).ToList();
        if (query.Series.Source is not { } source)
        {
            return wanted;
        }

        HashSet<(MetricType? Type, string? Name)> run = [];
        if (source != PortalSource.Name && wanted.Exists(finding => finding.Latest.Subject.Source is null))
        {
            var now = time.GetUtcNow();
            run = await _runs.GetAsync(source, new(now - Window, now), () => operations.ReadAsync(source, new(now - Window, now), cancellationToken)).ConfigureAwait(false);
        }

        return [.. wanted.Where(finding => finding.Latest.Subject.Source == source || (finding.Latest.Subject.Source is null && Concerns(finding.Latest)))];

        bool Concerns(FindingObservation latest) =>
            latest.Operations.Any(operation => operation.Source == source) || run.Contains((latest.Subject.MetricType, latest.Subject.Name));
    }

    /// <summary>Returns the open findings of a source, the most urgent first.</summary>
    public Task<IReadOnlyList<Finding>> ListOpenAsync(string? source, CancellationToken cancellationToken) =>
        ListAsync(new(new(DateTimeOffset.MinValue, DateTimeOffset.MaxValue), new() { Source = source }) { State = FindingState.Open }, cancellationToken);

    private static bool Passes(Finding finding, FindingQuery query) =>
        (query.Kinds is null || query.Kinds.Contains(finding.Latest.Kind))
        && (query.State is null || query.State == finding.State)
        && (query.Series.MetricType is not { } type || type == finding.Latest.Subject.MetricType || finding.Latest.Operations.Any(operation => operation.MetricType == type))
        && (query.Series.Name is not { } name || name == finding.Latest.Subject.Name || finding.Latest.Operations.Any(operation => operation.Name == name))
        && finding.Latest.Since < query.Range.To && (finding.Until is not { } until || until >= query.Range.From);
}
