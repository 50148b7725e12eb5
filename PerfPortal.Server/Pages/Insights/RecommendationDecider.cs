using PerfPortal.Domain.Analysis.Recommendations;
using PerfPortal.Domain.Findings;
using PerfPortal.Server.Views.Findings;

namespace PerfPortal.Server.Pages.Insights;

/// <summary>Records the decisions of a user on recommendations.</summary>
internal sealed class RecommendationDecider(RecommendationLedger ledger)
{
    /// <summary>Records decisions.</summary>
    /// <returns>Why a decision was not recorded, for display; <see langword="null"/> when all were.</returns>
    public async Task<string?> DecideAsync(CurrentUser caller, IReadOnlyList<RecommendationDecision> decisions)
    {
        if (!caller.CanDecide)
        {
            return "Not changed: to decide on recommendations, sign in with a key with the report or admin scope.";
        }

        int missing = 0;
        try
        {
            foreach (var decision in decisions)
            {
                var decided = decision.State switch
                {
                    RecommendationState.Applied => await ledger.ApplyAsync(decision.Id, caller.Name, decision.Note, CancellationToken.None),
                    RecommendationState.Dismissed => await ledger.DismissAsync(decision.Id, caller.Name, decision.Note, CancellationToken.None),
                    _ => await ledger.ReopenAsync(decision.Id, caller.Name, decision.Note, CancellationToken.None),
                };
                missing += decided is null ? 1 : 0;
            }
        }
        catch (Exception exception)
        {
            return $"Not changed: {exception.Message}";
        }

        return missing == 0 ? null : $"{missing} of {decisions.Count} recommendations were not changed, because they are no longer stored.";
    }
}
