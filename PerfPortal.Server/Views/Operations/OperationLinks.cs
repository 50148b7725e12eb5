using PerfPortal.Domain.Operations;

namespace PerfPortal.Server.Views.Operations;

/// <summary>Finds parents among operations, by ID or by span.</summary>
internal sealed class OperationLinks
{
    private readonly Dictionary<string, Operation> _byName = new(StringComparer.Ordinal);

    /// <summary>Indexes operations.</summary>
    public OperationLinks(IEnumerable<Operation> operations)
    {
        foreach (var operation in operations)
        {
            Add(operation);
        }
    }

    /// <summary>Adds an operation.</summary>
    public void Add(Operation operation)
    {
        _byName[operation.Id.ToString()] = operation;
        if (operation.SpanId is not null)
        {
            _byName.TryAdd(Span(operation.TraceId, operation.SpanId), operation);
        }
    }

    /// <summary>The parent of an operation; <see langword="null"/> if it is not among them.</summary>
    public Operation? ParentOf(Operation operation) =>
        operation.ParentId is not { } parent ? null
        : _byName.TryGetValue(parent, out var found) || _byName.TryGetValue(Span(operation.TraceId, parent), out found) ? found : null;

    // A span ID is unique within its trace only.
    private static string Span(string? trace, string span) => trace + "/" + span;
}
