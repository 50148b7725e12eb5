using PerfPortal.Domain.Operations;
using PerfPortal.Domain.Resources;

namespace PerfPortal.Domain.Journal;

/// <summary>Is told of every commit, in order, on the journal's own thread: it must return at once and never throw.</summary>
public interface ICommitListener
{
    /// <summary>Something became durable.</summary>
    void OnCommitted(CommitNotice notice);
}

/// <summary>What became durable in one commit; duplicates are not named.</summary>
/// <param name="Ended">Operations that ended.</param>
/// <param name="Running">Operations whose running state was stored.</param>
/// <param name="Samples">Samples of hosts.</param>
public sealed record CommitNotice(IReadOnlyList<Operation> Ended, IReadOnlyList<Operation> Running, IReadOnlyList<ResourceSample> Samples);
