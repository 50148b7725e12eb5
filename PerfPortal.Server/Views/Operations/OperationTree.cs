using PerfPortal.Domain.Operations;

namespace PerfPortal.Server.Views.Operations;

/// <summary>An operation in a tree.</summary>
/// <param name="Operation">The operation, running or ended.</param>
/// <param name="Depth">The number of ancestors in the tree.</param>
public sealed record OperationTreeNode(Operation Operation, int Depth);

/// <summary>The operations that belong together: a trace, or an operation with its ancestors and descendants. Each parent precedes its children, which are in order of their start.</summary>
/// <param name="Nodes">The operations; at most <see cref="MaxNodes"/>.</param>
/// <param name="Total">The number of operations found.</param>
/// <param name="IsComplete">Whether the search examined all operations of the time; otherwise there may be more.</param>
public sealed record OperationTree(IReadOnlyList<OperationTreeNode> Nodes, int Total, bool IsComplete)
{
    /// <summary>The maximum number of operations in a tree.</summary>
    public const int MaxNodes = 100;

    private readonly OperationLinks _links = new(Nodes.Select(node => node.Operation));

    /// <summary>The parent of an operation; <see langword="null"/> if it is not part of the tree.</summary>
    public Operation? ParentOf(Operation operation) => _links.ParentOf(operation);

    /// <summary>The operations whose parent is this one, in order of their start.</summary>
    public IReadOnlyList<Operation> ChildrenOf(Operation operation) => [.. Nodes.Select(node => node.Operation).Where(one => ParentOf(one)?.Id == operation.Id)];

    /// <summary>Arranges operations as a tree around one of them.</summary>
    /// <param name="of">The operation that is always part of the result, with its ancestors.</param>
    /// <param name="members">The operations that belong together, including <paramref name="of"/>; an ID must not occur twice.</param>
    /// <param name="isComplete">Whether these are all of them.</param>
    public static OperationTree Arrange(Operation of, IEnumerable<Operation> members, bool isComplete)
    {
        Operation[] all = [.. members.OrderBy(one => one.StartTime).ThenBy(one => one.Id)];
        var links = new OperationLinks(all);
        var children = all.ToLookup(one => links.ParentOf(one)?.Id);
        var ordered = new List<OperationTreeNode>(all.Length);
        var placed = new HashSet<Guid>();

        // Operations that name each other as parents have no root; the first of each such circle is taken as one.
        foreach (var root in children[null].Concat(all))
        {
            Place(root, children, ordered, placed);
        }

        var kept = new HashSet<Guid>();
        for (var one = of; one is not null && kept.Count < MaxNodes && kept.Add(one.Id);)
        {
            one = links.ParentOf(one);
        }

        foreach (var node in ordered)
        {
            if (kept.Count == MaxNodes)
            {
                break;
            }

            kept.Add(node.Operation.Id);
        }

        return new([.. ordered.Where(node => kept.Contains(node.Operation.Id))], all.Length, isComplete);
    }

    // Without recursion: a chain can be as long as the number of operations.
    private static void Place(Operation root, ILookup<Guid?, Operation> children, List<OperationTreeNode> ordered, HashSet<Guid> placed)
    {
        var waiting = new Stack<OperationTreeNode>([new(root, 0)]);
        while (waiting.TryPop(out var node))
        {
            if (!placed.Add(node.Operation.Id))
            {
                continue;
            }

            ordered.Add(node);
            foreach (var child in children[node.Operation.Id].Reverse())
            {
                waiting.Push(new(child, node.Depth + 1));
            }
        }
    }
}
