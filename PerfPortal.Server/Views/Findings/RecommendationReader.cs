using PerfPortal.Domain.Analysis.Recommendations;
using PerfPortal.Domain.Findings;

namespace PerfPortal.Server.Views.Findings;

/// <summary>Reads the recommendations of the ledger for pages, endpoints and the hub.</summary>
internal sealed class RecommendationReader(RecommendationLedger ledger)
{
    /// <summary>Grows whenever a list of recommendations may have changed.</summary>
    public long Version => ledger.Version;

    /// <summary>Returns the recommendations of a source and those that span all sources, current ones first.</summary>
    /// <param name="source">The source; <see langword="null"/> for every recommendation.</param>
    /// <param name="cancellationToken">Cancels the operation.</param>
    public async Task<IReadOnlyList<Recommendation>> ListAsync(string? source, CancellationToken cancellationToken)
    {
        var all = await ledger.ListAsync(cancellationToken).ConfigureAwait(false);
        return source is null ? all : [.. all.Where(item => item.Source is null || item.Source == source)];
    }

    /// <summary>Returns the open recommendations of a source: current, neither applied nor dismissed. Parameters as for <see cref="ListAsync"/>.</summary>
    public async Task<IReadOnlyList<Recommendation>> ListOpenAsync(string? source, CancellationToken cancellationToken) =>
        [.. (await ListAsync(source, cancellationToken).ConfigureAwait(false)).Where(IsOpen)];

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
}
