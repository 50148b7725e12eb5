using System.Diagnostics;
using PerfPortal.Domain.Tracking;

namespace PerfPortal.Server.Models;

/// <summary>What the operations belong to that a caller of the portal starts.</summary>
internal static class CallerTrace
{
    /// <summary>
    /// Makes the trace of the request current, with the span of the caller as the parent, if the request states one. The span of the request itself is no operation, so it would be a parent
    /// that nobody can find. What has been entered before, and what a page starts, stays as it is.
    /// </summary>
    /// <returns>Restores what was current; <see langword="null"/> when nothing changes.</returns>
    public static IDisposable? Enter()
    {
        if (OperationContext.Current is not { } current || RequestOf(Activity.Current) is not { } request || current.ParentId != request.SpanId.ToHexString())
        {
            return null;
        }

        string? caller = request.ParentSpanId == default ? null : request.ParentSpanId.ToHexString();
        return new OperationContext(current.TraceId, parentId: caller).Enter();
    }

    private static Activity? RequestOf(Activity? activity)
    {
        while (activity?.Parent is { } outer)
        {
            activity = outer;
        }

        return activity;
    }
}
