using PerfPortal.Domain.Operations;
using PerfPortal.Domain.Tracking;

namespace PerfPortal.Server.Intake;

/// <summary>The valid operations of a batch, the index of each among the items, and the items that were refused.</summary>
internal sealed class Batch
{
    /// <summary>The valid operations, in their order.</summary>
    public List<Operation> Operations { get; } = [];

    /// <summary>The index among the items of each operation.</summary>
    public List<int> Places { get; } = [];

    /// <summary>The items that were refused.</summary>
    public List<RejectedItem> Rejected { get; } = [];

    /// <summary>How many items there are so far.</summary>
    public int Count { get; private set; }

    /// <summary>Adds a valid item.</summary>
    public void Add(Operation operation)
    {
        Operations.Add(operation);
        Places.Add(Count++);
    }

    /// <summary>Adds an item that is refused.</summary>
    public void Reject(string detail) => Rejected.Add(new(Count++, detail));

    /// <summary>The answer to the sender.</summary>
    /// <param name="results">The result of each operation, in their order.</param>
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

/// <summary>An item of a batch that was refused.</summary>
/// <param name="Index">Its index, from 0.</param>
/// <param name="Detail">Why.</param>
internal sealed record RejectedItem(int Index, string Detail);
