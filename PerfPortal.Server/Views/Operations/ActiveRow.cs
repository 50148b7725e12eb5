using PerfPortal.Domain.Operations;
using PerfPortal.Domain.Tracking;
using PerfPortal.Domain.Tracking.Remaining;

namespace PerfPortal.Server.Views.Operations;

/// <summary>A row of the list of running operations.</summary>
/// <param name="Operation">The operation at the time of the read.</param>
/// <param name="Rate">Progress units per second; <see langword="null"/> before the second progress report.</param>
/// <param name="Eta">The estimated remaining time, in seconds from the time of the read; <see langword="null"/> when unknown.</param>
public sealed record ActiveRow(Operation Operation, double? Rate, Eta? Eta)
{
    /// <summary>Seconds without progress, at the time of the read, once that is unusually long; otherwise <see langword="null"/>.</summary>
    public double? StalledSeconds { get; init; }

    /// <summary>How often the P90 of operations of this type held; <see langword="null"/> before enough have ended.</summary>
    public EtaCoverage? Held { get; init; }

    /// <summary>The outcome of an operation that has completed but is still visible in the list.</summary>
    public OperationStatus? LeftAs { get; init; }

    /// <summary>The time when the page noticed the completion; <see langword="null"/> for a running operation.</summary>
    public DateTimeOffset? LeftAt { get; init; }
}
