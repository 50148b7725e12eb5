using System.Diagnostics.CodeAnalysis;

namespace PerfPortal.Domain.Operations;

/// <summary>The status of an operation.</summary>
/// <remarks>The numeric values are stored; never renumber them.</remarks>
public enum OperationStatus : byte
{
    /// <summary>In progress.</summary>
    Running = 0,

    /// <summary>Ended successfully.</summary>
    Succeeded = 1,

    /// <summary>Ended with an error.</summary>
    Failed = 2,

    /// <summary>Cancelled on purpose; counted separately and excluded from durations and rates.</summary>
    Cancelled = 3,

    /// <summary>Stopped sending heartbeats; a late completion replaces this.</summary>
    Abandoned = 4,
}

/// <summary>The wire names of <see cref="OperationStatus"/>.</summary>
public static class OperationStatuses
{
    private static readonly string[] Names = ["running", "succeeded", "failed", "cancelled", "abandoned"];

    /// <summary>The statuses that an ended operation can have.</summary>
    public static IReadOnlyList<OperationStatus> Outcomes { get; } =
        [OperationStatus.Succeeded, OperationStatus.Failed, OperationStatus.Cancelled, OperationStatus.Abandoned];

    /// <summary>Returns the wire name of <paramref name="status"/>.</summary>
    /// <exception cref="IndexOutOfRangeException"><paramref name="status"/> is not a defined value.</exception>
    public static string WireName(this OperationStatus status) => Names[(int)status];

    /// <summary>Parses a wire name, case-sensitively.</summary>
    public static bool TryParse([NotNullWhen(true)] string? wireName, out OperationStatus status)
    {
        int index = Array.IndexOf(Names, wireName);
        status = (OperationStatus)Math.Max(index, 0);
        return index >= 0;
    }
}
