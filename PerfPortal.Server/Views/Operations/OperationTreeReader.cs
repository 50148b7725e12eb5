using PerfPortal.Domain.Journal;
using PerfPortal.Domain.Operations;
using PerfPortal.Domain.Statistics;
using PerfPortal.Domain.Tracking;

namespace PerfPortal.Server.Views.Operations;

/// <summary>
/// Finds the tree of an operation: its ancestors, their descendants, and all operations of its trace. Only operations that ended while the oldest known
/// ancestor ran, or shortly before or after, are examined, at most <see cref="MaxExamined"/>.
/// </summary>
internal sealed class OperationTreeReader(IOperationReader reader, ActiveOperations active, TimeProvider time)
{
    /// <summary>The maximum number of stored operations examined for one tree.</summary>
    public const int MaxExamined = 20_000;

    private const int MaxAncestors = 32;
    private const int MaxCandidates = 5_000;
    private static readonly TimeSpan Margin = TimeSpan.FromMinutes(5);

    /// <summary>Reads the tree; <see langword="null"/> if the operation has no relatives.</summary>
    public async Task<OperationTree?> ReadAsync(Operation of, CancellationToken cancellationToken)
    {
        var members = await ReadAncestorsAsync(of, cancellationToken).ConfigureAwait(false);
        string? trace = of.TraceId;
        var candidates = new List<Operation>();
        bool isComplete = true;
        int examined = 0;
        bool Examine(Operation one)
        {
            isComplete = ++examined < MaxExamined && candidates.Count < MaxCandidates;
            if (isComplete && (one.ParentId is not null || (trace is not null && one.TraceId == trace)))
            {
                candidates.Add(one);
            }

            return isComplete;
        }

        var filter = new OperationFilter { Series = new() { Source = of.Source == PortalSource.Name ? PortalSource.Name : null } };
        var oldest = members[^1];
        var end = members.Max(one => one.EndTime ?? DateTimeOffset.MaxValue);
        var now = time.GetUtcNow();
        var range = new TimeRange(oldest.StartTime - (trace is null ? TimeSpan.Zero : Margin), end < now - Margin ? end + Margin : now);
        if (range.To > range.From)
        {
            // The embedded database runs on the calling thread; do not block a circuit meanwhile.
            await Task.Run(() => reader.ScanAsync(range, filter, Examine, cancellationToken).AsTask(), cancellationToken).ConfigureAwait(false);
        }

        candidates.AddRange(active.List().Select(one => one.Current).Where(one => one.ParentId is not null || (trace is not null && one.TraceId == trace)));
        Join(members, candidates, trace);
        return members.Count > 1 ? OperationTree.Arrange(of, members, isComplete) : null;
    }

    private async Task<List<Operation>> ReadAncestorsAsync(Operation of, CancellationToken cancellationToken)
    {
        List<Operation> members = [of];
        while (members.Count <= MaxAncestors && Guid.TryParse(members[^1].ParentId, out var id) && members.TrueForAll(one => one.Id != id))
        {
            if ((active.Find(id)?.Current ?? await reader.FindAsync(id, cancellationToken).ConfigureAwait(false)) is not { } parent)
            {
                break;
            }

            members.Add(parent);
        }

        return members;
    }

    /// <summary>Adds the candidates of the trace, and those whose parent is a member, until there are no more.</summary>
    private static void Join(List<Operation> members, List<Operation> candidates, string? trace)
    {
        var known = members.Select(one => one.Id).ToHashSet();
        members.AddRange(candidates.Where(one => trace is not null && one.TraceId == trace && known.Add(one.Id)));
        var links = new OperationLinks(members);
        for (bool isGrowing = true; isGrowing;)
        {
            isGrowing = false;
            foreach (var one in candidates.Where(one => !known.Contains(one.Id) && links.ParentOf(one) is not null))
            {
                known.Add(one.Id);
                members.Add(one);
                links.Add(one);
                isGrowing = true;
            }
        }
    }
}
