using PerfPortal.Domain.Operations;
using PerfPortal.Domain.Tracking;

namespace PerfPortal.Server.Views.Operations;

/// <summary>An operation in progress as the pages show it.</summary>
/// <param name="Operation">Its state when it was read.</param>
/// <param name="Rate">Units of its progress a second; <see langword="null"/> before two reports.</param>
/// <param name="Eta">How long it will still run, seconds from when it was read; <see langword="null"/> when nothing says it.</param>
public sealed record ActiveRow(Operation Operation, double? Rate, Eta? Eta)
{
    /// <summary>How it ended, once it is gone from the list and only lingers.</summary>
    public OperationStatus? LeftAs { get; init; }

    /// <summary>Since when it lingers.</summary>
    public DateTimeOffset? LeftAt { get; init; }
}
