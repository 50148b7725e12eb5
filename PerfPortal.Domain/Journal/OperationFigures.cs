using PerfPortal.Domain.Operations;
using PerfPortal.Domain.Statistics;

namespace PerfPortal.Domain.Journal;

/// <summary>What an operation adds to its rollup.</summary>
public static class OperationFigures
{
    /// <summary>
    /// Adds an ended operation: its duration and the numbers of its metadata when it succeeded or failed, a count alone when
    /// it was cancelled or abandoned.
    /// </summary>
    public static void AddTo(Rollup rollup, Operation operation)
    {
        if (operation.Status is not (OperationStatus.Succeeded or OperationStatus.Failed))
        {
            rollup.AddCount(1);
            return;
        }

        rollup.Add(operation.Duration!.Value.TotalSeconds);
        foreach (var (name, value) in operation.Metadata)
        {
            if (value.Numeric is { } number && name.Length > 0)
            {
                rollup.AddFact(name, number);
            }
        }
    }

    /// <summary>As for an operation, but without the numbers of its metadata.</summary>
    public static void AddTo(Rollup rollup, OperationMark mark)
    {
        if (mark.Status is OperationStatus.Succeeded or OperationStatus.Failed)
        {
            rollup.Add(mark.Duration.TotalSeconds);
        }
        else
        {
            rollup.AddCount(1);
        }
    }

    /// <summary>The outcome as statistics know it.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The operation still runs.</exception>
    public static OutcomeKind ToOutcome(this OperationStatus status) => status switch
    {
        OperationStatus.Succeeded => OutcomeKind.Succeeded,
        OperationStatus.Failed => OutcomeKind.Failed,
        OperationStatus.Cancelled => OutcomeKind.Cancelled,
        OperationStatus.Abandoned => OutcomeKind.Abandoned,
        _ => throw new ArgumentOutOfRangeException(nameof(status), status, "The operation has not ended."),
    };
}
