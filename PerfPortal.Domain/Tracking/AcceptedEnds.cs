using PerfPortal.Domain.Journal;
using PerfPortal.Domain.Operations;

namespace PerfPortal.Domain.Tracking;

/// <summary>
/// Validates what is known only when an operation ends: an end can meet a start, a type and metadata that were reported before.
/// </summary>
internal sealed class AcceptedEnds(RetentionHorizons horizons)
{
    /// <summary>Checks the end time against its start, the clock and what is kept.</summary>
    public Rejection? Check(Operation operation, DateTimeOffset now)
    {
        var end = operation.EndTime!.Value;
        // An abandoned operation adds no duration; if it were rejected, it would stay in progress forever.
        var start = operation.Status == OperationStatus.Abandoned ? end : operation.StartTime;
        return (OperationLimits.CheckEnd(start, end, now) ?? CheckKept(operation.MetricType, end, now)) is { } reason ? new("end_time", reason) : null;
    }

    /// <summary>Checks metadata after a report was merged into it.</summary>
    public static Rejection? Check(Metadata merged) => MetadataSize.Check(merged) is { } reason ? new("metadata", reason) : null;

    private string? CheckKept(MetricType type, DateTimeOffset end, DateTimeOffset now)
    {
        var oldest = horizons.OldestComplete(type, now);
        return end >= oldest ? null
            : oldest == horizons.Size.Rows
                ? FormattableString.Invariant(
                    $"end_time is before {oldest:yyyy-MM-ddTHH:mm:ssZ}: older operations were deleted because the database reached its size limit; raise MaxDatabaseMb to keep more.")
            : horizons.Policy.Thinning is { } thinning && thinning.AfterHours < horizons.Policy.RowHours(type)
                ? FormattableString.Invariant(
                    $"end_time is before {oldest:yyyy-MM-ddTHH:mm:ssZ}: older operations are thinned (OperationSamplePercent), so a new report cannot be distinguished from a resend.")
                : FormattableString.Invariant(
                    $"end_time is before {oldest:yyyy-MM-ddTHH:mm:ssZ}: operations of this type are kept for {horizons.Policy.RowHours(type)} h; raise MetricsRetentionHours to import older ones.");
    }
}
