using System.Diagnostics;
using PerfPortal.Domain.Operations;

namespace PerfPortal.Domain.Tracking;

/// <summary>
/// How an operation belongs to others: its trace, its span and its parent. An operation that is started without one takes <see cref="Current"/>. Immutable.
/// </summary>
public sealed record OperationContext
{
    private static readonly AsyncLocal<OperationContext?> Entered = new();

    // Most programs never enter a context, and a start should not pay for it.
    private static volatile bool s_isEntered;

    // The parent while it runs: what is started after its end, such as by a loop that it left behind, is not part of it.
    private OperationScope _parent;

    /// <summary>Creates a context from ids, which are checked as REST checks them.</summary>
    /// <param name="traceId">The W3C trace id, 32 hex digits.</param>
    /// <param name="spanId">The W3C span id of the operation itself, 16 hex digits.</param>
    /// <param name="parentId">The id of the parent operation, or the span id of the parent.</param>
    /// <exception cref="ArgumentException">An id is not valid; the message names it.</exception>
    public OperationContext(string? traceId = null, string? spanId = null, string? parentId = null)
    {
        TraceId = LinkIds.Trace(nameof(traceId), traceId, out string? wrongTrace);
        SpanId = LinkIds.Span(nameof(spanId), spanId, out string? wrongSpan);
        ParentId = LinkIds.Parent(nameof(parentId), parentId, out string? wrongParent);
        if (wrongTrace is not null || wrongSpan is not null || wrongParent is not null)
        {
            throw new ArgumentException(
                wrongTrace ?? wrongSpan ?? wrongParent, wrongTrace is not null ? nameof(traceId) : wrongSpan is not null ? nameof(spanId) : nameof(parentId));
        }
    }

    /// <summary>Belongs to nothing, whatever is current.</summary>
    public static OperationContext None { get; } = new();

    /// <summary>
    /// What an operation that starts now would belong to: the context that was entered last in this flow of execution, as long as its operation runs; otherwise
    /// <see cref="Activity.Current"/>, whose span is then the parent. <see langword="null"/> for nothing.
    /// </summary>
    public static OperationContext? Current => Of(Ambient);

    /// <summary>W3C trace id, 32 lower-case hex digits.</summary>
    public string? TraceId { get; private init; }

    /// <summary>W3C span id, 16 lower-case hex digits.</summary>
    public string? SpanId { get; }

    /// <summary>The id of the parent operation, or the span id of the parent.</summary>
    public string? ParentId { get; }

    /// <summary>What <see cref="Current"/> is made of, without making it: a context or an activity.</summary>
    internal static object? Ambient
    {
        get
        {
            var activity = Activity.Current;
            if (activity is { IsStopped: true } or { IdFormat: not ActivityIdFormat.W3C })
            {
                activity = null;
            }

            return !s_isEntered || Entered.Value is not { } entered || entered.IsOver ? activity
                : activity is not null && entered.TraceId is null && entered.ParentId is not null ? entered with { TraceId = activity.TraceId.ToHexString() }
                : entered;
        }
    }

    private bool IsOver => _parent != default && !_parent.IsOpen;

    /// <summary>Starts a trace, for operations that belong together without having a parent.</summary>
    public static OperationContext NewTrace() => new(ActivityTraceId.CreateRandom().ToHexString());

    /// <summary>The context of the operations that an operation causes: its trace, and it as the parent.</summary>
    public static OperationContext ChildOf(OperationScope parent) =>
        parent == default ? None : new(parent.TraceId, parentId: parent.Id.ToString()) { _parent = parent };

    /// <summary>The context of the operations within a span: its trace, and it as the parent.</summary>
    public static OperationContext ChildOf(ActivityContext parent) =>
        new(parent.TraceId == default ? null : parent.TraceId.ToHexString(), parentId: parent.SpanId == default ? null : parent.SpanId.ToHexString());

    /// <summary>Makes this the current context of the flow of execution, until the result is disposed.</summary>
    public IDisposable Enter()
    {
        var before = Entered.Value;
        Entered.Value = this;
        s_isEntered = true;
        return new Entry(before);
    }

    /// <summary>Enters what is entered already.</summary>
    internal static IDisposable Keep() => new Entry(Entered.Value);

    /// <summary>Returns the context that <see cref="Ambient"/> stands for.</summary>
    internal static OperationContext? Of(object? ambient) => ambient switch
    {
        OperationContext context => context,
        Activity activity => ChildOf(activity.Context),
        _ => null,
    };

    /// <inheritdoc/>
    public bool Equals(OperationContext? other) => other is not null && (TraceId, SpanId, ParentId) == (other.TraceId, other.SpanId, other.ParentId);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(TraceId, SpanId, ParentId);

    private sealed class Entry(OperationContext? before) : IDisposable
    {
        public void Dispose() => Entered.Value = before;
    }
}
