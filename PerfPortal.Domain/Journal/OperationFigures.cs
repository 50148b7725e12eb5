using PerfPortal.Domain.Operations;
using PerfPortal.Domain.Statistics;

namespace PerfPortal.Domain.Journal;

/// <summary>Adds operations to rollups.</summary>
public static class OperationFigures
{
    /// <summary>
    /// Adds an ended operation: its duration and the numbers in its metadata when it succeeded or failed, only a count when
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

    /// <summary>Adds an ended operation without the numbers in its metadata.</summary>
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

    /// <summary>Converts a status to the outcome used in statistics.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The operation is still running.</exception>
    public static OutcomeKind ToOutcome(this OperationStatus status) => status switch
    {
        OperationStatus.Succeeded => OutcomeKind.Succeeded,
        OperationStatus.Failed => OutcomeKind.Failed,
        OperationStatus.Cancelled => OutcomeKind.Cancelled,
        OperationStatus.Abandoned => OutcomeKind.Abandoned,
        _ => throw new ArgumentOutOfRangeException(nameof(status), status, "The operation has not ended."),
    };
}
