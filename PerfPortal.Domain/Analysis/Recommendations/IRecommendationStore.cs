using PerfPortal.Domain.Findings;

namespace PerfPortal.Domain.Analysis.Recommendations;

/// <summary>Where recommendations are kept. Holds at most <see cref="Capacity"/>; beyond that those go first that are not open and were seen longest ago.</summary>
public interface IRecommendationStore
{
    /// <summary>The most that are kept.</summary>
    const int Capacity = 1000;

    /// <summary>Every stored recommendation.</summary>
    Task<IReadOnlyList<Recommendation>> ReadAllAsync(CancellationToken cancellationToken);

    /// <summary>
    /// Adds recommendations that are not stored and renews what those that are say and when they were seen.
    /// What people decided stays, unless a decision was made earlier than the recommendation was opened (see <see cref="RecommendationLedger"/>).
    /// </summary>
    Task PutAsync(IReadOnlyList<Recommendation> recommendations, CancellationToken cancellationToken);

    /// <summary>Stores a decision: state, when, by whom, note. <see langword="false"/> when the recommendation is not stored.</summary>
    Task<bool> DecideAsync(Recommendation decided, CancellationToken cancellationToken);
}
