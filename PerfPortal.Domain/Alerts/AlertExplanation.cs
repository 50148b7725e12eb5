using PerfPortal.Domain.Findings;

namespace PerfPortal.Domain.Alerts;

/// <summary>What helps to understand an alert, as known when it began to fire.</summary>
public sealed record AlertExplanation
{
    /// <summary>One sentence with value, threshold and since when.</summary>
    public required string Sentence { get; init; }

    /// <summary>The value over the hour before, oldest first, at most <see cref="MaxPoints"/>; <see langword="null"/> values are gaps.</summary>
    public IReadOnlyList<AlertPoint> Points { get; init; } = [];

    /// <summary>The operations that ran in the window before it began to fire, the longest first and those without progress last; at most <see cref="MaxOperations"/>.</summary>
    public IReadOnlyList<RunningOperation> Running { get; init; } = [];

    /// <summary>Probable causes, the most probable first; at most <see cref="MaxCauses"/>.</summary>
    public IReadOnlyList<FindingCause> Causes { get; init; } = [];

    /// <summary>What happened the last time, one sentence; <see langword="null"/> when it never fired before.</summary>
    public string? LastTime { get; init; }

    /// <summary>The alert of the last time.</summary>
    public string? LastAlertId { get; init; }

    /// <summary>The maximum number of points.</summary>
    public const int MaxPoints = 61;

    /// <summary>The maximum number of operations.</summary>
    public const int MaxOperations = 10;

    /// <summary>The maximum number of causes.</summary>
    public const int MaxCauses = 5;
}

/// <summary>The value of a signal at a time.</summary>
/// <param name="At">The time, UTC.</param>
/// <param name="Value">The value, or <see langword="null"/> without data.</param>
public readonly record struct AlertPoint(DateTimeOffset At, double? Value);

/// <summary>An operation that ran in the window before an alert began to fire.</summary>
/// <param name="Operation">The operation.</param>
/// <param name="Share">Its share of the running time of all operations in the window, 0–1; <see langword="null"/> for alerts that are not about operations.</param>
/// <param name="EndedAt">When it had ended, UTC; <see langword="null"/> when it was still running as the alert began to fire.</param>
public sealed record RunningOperation(OperationReference Operation, double? Share, DateTimeOffset? EndedAt = null);
