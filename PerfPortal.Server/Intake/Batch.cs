using PerfPortal.Domain.Operations;
using PerfPortal.Domain.Tracking;

namespace PerfPortal.Server.Intake;

/// <summary>The valid operations of a batch with their item indexes, and the rejected items.</summary>
internal sealed class Batch
{
    /// <summary>The valid operations, in the order of the items.</summary>
    public List<Operation> Operations { get; } = [];

    /// <summary>The item index of each operation.</summary>
    public List<int> Places { get; } = [];

    /// <summary>The rejected items.</summary>
    public List<RejectedItem> Rejected { get; } = [];

    /// <summary>The number of items so far.</summary>
    public int Count { get; private set; }

    /// <summary>Adds a valid item.</summary>
    public void Add(Operation operation)
    {
        Operations.Add(operation);
        Places.Add(Count++);
    }

    /// <summary>Adds a rejected item.</summary>
    public void Reject(string detail) => Rejected.Add(new(Count++, detail));

    /// <summary>Creates the response body.</summary>
    /// <param name="results">The result of each operation, in the order of <see cref="Operations"/>.</param>
    public BatchAnswer Answer(IReadOnlyList<ReportResult> results)
    {
        int accepted = 0;
        int duplicates = 0;
        for (int i = 0; i < results.Count; i++)
        {
            switch (results[i].Outcome)
            {
                case ReportOutcome.Accepted: accepted++; break;
                case ReportOutcome.Unchanged: duplicates++; break;
                case ReportOutcome.Rejected: Rejected.Add(new(Places[i], results[i].Reason!)); break;
            }
        }

        Rejected.Sort(static (left, right) => left.Index.CompareTo(right.Index));
        return new(accepted, duplicates, Rejected);
    }
}

/// <summary>A rejected item of a batch.</summary>
/// <param name="Index">The zero-based index of the item.</param>
/// <param name="Detail">The reason.</param>
internal sealed record RejectedItem(int Index, string Detail);
