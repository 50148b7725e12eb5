using PerfPortal.Domain.Findings;

namespace PerfPortal.Domain.Analysis.Recommendations;

/// <summary>Stores recommendations, at most <see cref="Capacity"/>. Above that it evicts those that are not open first, the least recently seen first.</summary>
public interface IRecommendationStore
{
    /// <summary>The maximum number of stored recommendations.</summary>
    const int Capacity = 1000;

    /// <summary>Returns all stored recommendations.</summary>
    Task<IReadOnlyList<Recommendation>> ReadAllAsync(CancellationToken cancellationToken);

    /// <summary>
    /// Adds new recommendations, and updates the content and the last-seen time of stored ones.
    /// Keeps decisions, unless a decision is older than the opening of the recommendation (see <see cref="RecommendationLedger"/>).
    /// </summary>
    Task PutAsync(IReadOnlyList<Recommendation> recommendations, CancellationToken cancellationToken);

    /// <summary>Deletes recommendations, whatever their state.</summary>
    Task DeleteAsync(IReadOnlyCollection<string> ids, CancellationToken cancellationToken);

    /// <summary>Stores a decision: state, time, person, note. Returns <see langword="false"/> when the recommendation is not stored.</summary>
    Task<bool> DecideAsync(Recommendation decided, CancellationToken cancellationToken);
}
