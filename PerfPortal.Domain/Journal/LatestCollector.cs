using PerfPortal.Domain.Operations;

namespace PerfPortal.Domain.Journal;

/// <summary>
/// Collects the latest operations of a scan, which returns the latest end first and those of one moment in any order. The result is the same in whatever order they come,
/// unless more than <paramref name="max"/> ended in the moment at which it is cut.
/// </summary>
/// <param name="max">The maximum number of operations in the result.</param>
internal sealed class LatestCollector(int max)
{
    private readonly List<Operation> _operations = [];

    /// <summary>Whether no operation was left out.</summary>
    public bool IsComplete { get; private set; } = true;

    /// <summary>Takes the next operation; <see langword="false"/> when no further one is needed.</summary>
    public bool Add(Operation operation)
    {
        bool isFull = _operations.Count >= max;
        IsComplete &= !isFull;
        if (isFull && (operation.EndTime != _operations[^1].EndTime || _operations.Count >= 2 * max))
        {
            return false;
        }

        _operations.Add(operation);
        return true;
    }

    /// <summary>Returns the collected operations in the order of <see cref="OperationOrders.LatestFirst"/>.</summary>
    public List<Operation> ToList()
    {
        _operations.Sort(OperationOrders.LatestFirst);
        return _operations.Count > max ? _operations[..max] : _operations;
    }
}
