using PerfPortal.Domain.Operations;

namespace PerfPortal.Domain.Tracking;

/// <summary>The outcome of a report.</summary>
public enum ReportOutcome
{
    /// <summary>The change is stored durably.</summary>
    Accepted,

    /// <summary>The report contained nothing new; nothing was changed.</summary>
    Unchanged,

    /// <summary>The report contradicts the end of the operation.</summary>
    Contradicted,

    /// <summary>The operation is unknown.</summary>
    Unknown,

    /// <summary>The report was rejected for the given reason.</summary>
    Rejected,
}

/// <summary>The result of a report.</summary>
/// <param name="Outcome">The outcome.</param>
/// <param name="Operation">The current operation, if it exists.</param>
/// <param name="Rejection">Why it was rejected, otherwise <see langword="null"/>.</param>
public readonly record struct ReportResult(ReportOutcome Outcome, Operation? Operation, Rejection? Rejection = null)
{
    /// <summary>The reason for a rejection, otherwise <see langword="null"/>.</summary>
    public string? Reason => Rejection?.Reason;
}

/// <summary>Why a report was rejected.</summary>
/// <param name="Field">The member at fault.</param>
/// <param name="Reason">The reason, in one sentence that contains the field and the limit.</param>
public sealed record Rejection(string Field, string Reason);
