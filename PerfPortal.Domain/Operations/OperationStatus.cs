using System.Diagnostics.CodeAnalysis;

namespace PerfPortal.Domain.Operations;

/// <summary>Where an operation is in its life. The numeric values are stored; never renumber them.</summary>
public enum OperationStatus : byte
{
    /// <summary>Started and not ended.</summary>
    Running = 0,

    /// <summary>Ended well.</summary>
    Succeeded = 1,

    /// <summary>Ended with an error.</summary>
    Failed = 2,

    /// <summary>Stopped on purpose; counted beside the others, outside durations and rates.</summary>
    Cancelled = 3,

    /// <summary>Stopped reporting; a late completion replaces this.</summary>
    Abandoned = 4,
}

/// <summary>The wire names of <see cref="OperationStatus"/>.</summary>
public static class OperationStatuses
{
    private static readonly string[] Names = ["running", "succeeded", "failed", "cancelled", "abandoned"];

    /// <summary>The statuses that an ended operation can have.</summary>
    public static IReadOnlyList<OperationStatus> Outcomes { get; } =
        [OperationStatus.Succeeded, OperationStatus.Failed, OperationStatus.Cancelled, OperationStatus.Abandoned];

    /// <summary>The name of <paramref name="status"/> on the wire.</summary>
    /// <exception cref="IndexOutOfRangeException"><paramref name="status"/> is none of the five.</exception>
    public static string WireName(this OperationStatus status) => Names[(int)status];

    /// <summary>Reads a wire name, exactly as it is written in the contract.</summary>
    public static bool TryParse([NotNullWhen(true)] string? wireName, out OperationStatus status)
    {
        int index = Array.IndexOf(Names, wireName);
        status = (OperationStatus)Math.Max(index, 0);
        return index >= 0;
    }
}
