using PerfPortal.Domain.Journal;
using PerfPortal.Domain.Operations;

namespace PerfPortal.Tests.Models.Health;

/// <summary>Keeps the operations that a tracker reports as ended.</summary>
internal sealed class EndedOperations : IOperationSink
{
    private readonly List<Operation> _operations = [];

    public bool IsClosed => false;

    public List<Operation> Operations
    {
        get
        {
            lock (_operations)
            {
                return [.. _operations.OrderBy(operation => operation.StartTime)];
            }
        }
    }

    public bool HasRoomFor(int entries) => true;

    public bool TrySubmit(IReadOnlyList<JournalEntry> entries)
    {
        lock (_operations)
        {
            _operations.AddRange(entries.OfType<OperationEnded>().Select(entry => entry.Operation));
        }

        return true;
    }
}
