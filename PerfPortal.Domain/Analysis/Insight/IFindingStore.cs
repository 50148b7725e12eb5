using PerfPortal.Domain.Findings;

namespace PerfPortal.Domain.Analysis.Insight;

/// <summary>Stores findings.</summary>
public interface IFindingStore
{
    /// <summary>Returns all stored findings.</summary>
    Task<IReadOnlyList<Finding>> ReadAllAsync(CancellationToken cancellationToken);

    /// <summary>Adds or replaces findings and removes others, in one transaction.</summary>
    Task SaveAsync(IReadOnlyCollection<Finding> written, IReadOnlyCollection<string> removedIds, CancellationToken cancellationToken);
}
