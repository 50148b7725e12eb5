using PerfPortal.Domain.Operations;
using PerfPortal.Domain.Resources;

namespace PerfPortal.Domain.Journal;

/// <summary>Receives every commit, in order, on the journal's own thread. Implementations must return quickly and never throw.</summary>
public interface ICommitListener
{
    /// <summary>Called after a commit became durable.</summary>
    void OnCommitted(CommitNotice notice);
}

/// <summary>The entries that became durable in one commit, without duplicates.</summary>
/// <param name="Ended">Operations that ended.</param>
/// <param name="Running">Operations whose running state was stored.</param>
/// <param name="Samples">Host samples.</param>
public sealed record CommitNotice(IReadOnlyList<Operation> Ended, IReadOnlyList<Operation> Running, IReadOnlyList<ResourceSample> Samples);
