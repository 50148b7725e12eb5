using PerfPortal.Domain.Analysis.Recommendations;
using PerfPortal.Domain.Findings;

namespace PerfPortal.Server.Views.Findings;

/// <summary>Reads the recommendations of the ledger, the same for pages, endpoints and hub.</summary>
internal sealed class RecommendationReader(RecommendationLedger ledger)
{
    /// <summary>Grows whenever a list of recommendations may have changed.</summary>
    public long Version => ledger.Version;

    /// <summary>The recommendations that concern a source, those given now first: its own, and those over all sources.</summary>
    /// <param name="source">The source; <see langword="null"/> for every recommendation.</param>
    /// <param name="cancellationToken">Stops the reading.</param>
    public async Task<IReadOnlyList<Recommendation>> ListAsync(string? source, CancellationToken cancellationToken)
    {
        var all = await ledger.ListAsync(cancellationToken).ConfigureAwait(false);
        return source is null ? all : [.. all.Where(item => item.Source is null || item.Source == source)];
    }

    /// <summary>The open recommendations that concern a source: given now, neither applied nor dismissed. Parameters as for <see cref="ListAsync"/>.</summary>
    public async Task<IReadOnlyList<Recommendation>> ListOpenAsync(string? source, CancellationToken cancellationToken) =>
        [.. (await ListAsync(source, cancellationToken).ConfigureAwait(false)).Where(IsOpen)];

    /// <summary>Whether a recommendation is given now and awaits a decision. An open one that is no longer given is history.</summary>
    public static bool IsOpen(Recommendation item) => item is { State: RecommendationState.Open, IsCurrent: true };

    /// <summary>Recommendations computed over any window, with the state that the ledger keeps of them.</summary>
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
