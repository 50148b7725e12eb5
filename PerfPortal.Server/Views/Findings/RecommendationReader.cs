using PerfPortal.Domain.Analysis;
using PerfPortal.Domain.Analysis.Recommendations;
using PerfPortal.Domain.Findings;
using PerfPortal.Domain.Operations;
using PerfPortal.Domain.Statistics;
using PerfPortal.Server.Caching;

namespace PerfPortal.Server.Views.Findings;

/// <summary>Reads the recommendations of the ledger for pages, endpoints and the hub.</summary>
internal sealed class RecommendationReader(RecommendationLedger ledger, SourceOperations operations, TimeProvider time)
{
    private readonly RecentReads _past = new(time);

    /// <summary>Grows whenever a list of recommendations may have changed.</summary>
    public long Version => ledger.Version;

    /// <summary>Forgets which operations sources have run.</summary>
    public void Forget() => _past.Clear();

    /// <summary>Returns the recommendations of a source and those over all sources whose operations it runs too, current ones first.</summary>
    /// <param name="source">The source; <see langword="null"/> for every recommendation.</param>
    /// <param name="cancellationToken">Cancels the operation.</param>
    public async Task<IReadOnlyList<Recommendation>> ListAsync(string? source, CancellationToken cancellationToken) =>
        await OfAsync(source, await ledger.ListAsync(cancellationToken).ConfigureAwait(false), cancellationToken).ConfigureAwait(false);

    /// <summary>Returns the open recommendations of a source: current, neither applied nor dismissed. Parameters as for <see cref="ListAsync"/>.</summary>
    public async Task<IReadOnlyList<Recommendation>> ListOpenAsync(string? source, CancellationToken cancellationToken) =>
        await OfAsync(source, [.. (await ledger.ListAsync(cancellationToken).ConfigureAwait(false)).Where(IsOpen)], cancellationToken).ConfigureAwait(false);

    /// <summary>Returns the open recommendations of a source, those that share a cause as one, the largest expected gain first. Parameters as for <see cref="ListAsync"/>.</summary>
    public async Task<IReadOnlyList<RecommendationGroup>> ListOpenGroupsAsync(string? source, CancellationToken cancellationToken) =>
        RecommendationGroups.Of(await ListOpenAsync(source, cancellationToken).ConfigureAwait(false));

    /// <summary>Whether a recommendation is current and awaits a decision. An open recommendation that is no longer current is history.</summary>
    public static bool IsOpen(Recommendation item) => item is { State: RecommendationState.Open, IsCurrent: true };

    /// <summary>Whether a recommendation was never decided on and is no longer made.</summary>
    public static bool IsPast(Recommendation item) => item is { State: RecommendationState.Open, IsCurrent: false };

    /// <summary>Adds the states of the ledger to recommendations that were computed over any window.</summary>
    public async Task<IReadOnlyList<Recommendation>> WithStateAsync(IReadOnlyList<Recommendation> computed, CancellationToken cancellationToken)
    {
        var known = (await ledger.ListAsync(cancellationToken).ConfigureAwait(false)).ToDictionary(item => item.Id, StringComparer.Ordinal);
        return
        [
            .. computed.Select(item => known.GetValueOrDefault(item.Id) is { } kept
                ? item with
                {
                    State = kept.State,
                    OpenedAt = kept.OpenedAt,
                    SeenAt = kept.SeenAt,
                    ChangedAt = kept.ChangedAt,
                    ChangedBy = kept.ChangedBy,
                    Note = kept.Note,
                }
                : item),
        ];
    }

    private async Task<IReadOnlyList<Recommendation>> OfAsync(string? source, IReadOnlyList<Recommendation> items, CancellationToken cancellationToken)
    {
        if (source is null)
        {
            return items;
        }

        // Recommendations over all sources do not count the portal's own operations.
        Recommendation[] shared = source == PortalSource.Name ? [] : [.. items.Where(item => item.Source is null)];
        var now = time.GetUtcNow();
        var run = new HashSet<(MetricType?, string?)>();
        if (shared.Length > 0)
        {
            run.UnionWith(await operations.ReadAsync(source, new(now - AnalysisInput.Window, now), cancellationToken).ConfigureAwait(false));
        }

        // What is no longer made is about operations of the time when it was.
        var past = shared.Where(item => !item.IsCurrent && !IsRun(item)).ToList();
        if (past.Count > 0 && past.Min(item => item.SeenAt) is var oldest && oldest < now)
        {
            var range = new TimeRange(now - AnalysisInput.Window - TimeSpan.FromDays(Math.Ceiling((now - oldest).TotalDays)), now);
            run.UnionWith(await _past.GetAsync(source, range, () => operations.ReadAsync(source, range, cancellationToken)).ConfigureAwait(false));
        }

        return [.. items.Where(item => item.Source == source || (item.Source is null && IsRun(item)))];

        bool IsRun(Recommendation item) => run.Contains((item.MetricType, item.OperationName));
    }
}
