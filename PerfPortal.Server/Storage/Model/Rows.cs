namespace PerfPortal.Server.Storage.Model;

/// <summary>A source name. Other rows reference it by id.</summary>
internal sealed class SourceRow
{
    public int Id { get; set; }

    public required string Name { get; set; }
}

/// <summary>An operation name. Other rows reference it by id.</summary>
internal sealed class NameRow
{
    public int Id { get; set; }

    public required string Name { get; set; }
}

/// <summary>An ended operation on SQL Server; see <see cref="OperationKeys"/> for the key.</summary>
internal sealed class OperationRow
{
    public long Key { get; set; }

    public long IdHigh { get; set; }

    public long IdLow { get; set; }

    public byte MetricType { get; set; }

    public byte Status { get; set; }

    public int SourceId { get; set; }

    public int NameId { get; set; }

    public long StartUs { get; set; }

    public long DurationUs { get; set; }

    public string? ErrorType { get; set; }

    public string? ErrorMessage { get; set; }

    public byte[]? Details { get; set; }
}

/// <summary>A columnar block of ended operations; see docs/block-format.md. Used on SQLite instead of <see cref="OperationRow"/>.</summary>
internal sealed class OperationBlockRow
{
    public long Id { get; set; }

    public byte State { get; set; }

    public long StoredUs { get; set; }

    public int Count { get; set; }

    public long FirstEndUs { get; set; }

    public long LastEndUs { get; set; }

    public long MinStartUs { get; set; }

    public long MaxStartUs { get; set; }

    public long MinDurationUs { get; set; }

    public long MaxDurationUs { get; set; }

    public required byte[] Series { get; set; }

    public required byte[] Data { get; set; }
}

/// <summary>A complete running operation, stored so that it survives a restart.</summary>
internal sealed class RunningRow
{
    public required byte[] Id { get; set; }

    public required byte[] Document { get; set; }
}

/// <summary>All rollups of a minute or an hour, or the merged minutes of an hour; see docs/storage-format.md.</summary>
internal sealed class RollupPageRow
{
    /// <summary>Four times the bucket, plus the resolution; for the minutes of an hour four times the hour, plus 3.</summary>
    public long Key { get; set; }

    public required byte[] Data { get; set; }
}

/// <summary>A minute whose rollups are out of date.</summary>
internal sealed class DirtyMinuteRow
{
    public long Minute { get; set; }
}

/// <summary>A resource sample of a host.</summary>
internal sealed class SampleRow
{
    public int SourceId { get; set; }

    public long AtUs { get; set; }

    public required byte[] Data { get; set; }
}

/// <summary>The resource rollup of a host for a minute or an hour.</summary>
internal sealed class ResourceRollupRow
{
    public byte Resolution { get; set; }

    public int SourceId { get; set; }

    public long Bucket { get; set; }

    public required byte[] Data { get; set; }
}

/// <summary>A setting document that an admin edits in the portal, such as the thresholds.</summary>
internal sealed class SettingRow
{
    public required string Key { get; set; }

    public required string Value { get; set; }

    /// <summary>The number of changes; used as the optimistic concurrency token.</summary>
    public long Version { get; set; }

    public long ChangedUs { get; set; }

    public required string ChangedBy { get; set; }
}

/// <summary>A change to a setting: user, time, old and new value.</summary>
internal sealed class SettingChangeRow
{
    public long Id { get; set; }

    public required string Key { get; set; }

    public long Version { get; set; }

    public string? OldValue { get; set; }

    public required string NewValue { get; set; }

    public long ChangedUs { get; set; }

    public required string ChangedBy { get; set; }
}

/// <summary>A recommendation and its lifecycle state.</summary>
internal sealed class RecommendationRow
{
    public required string Id { get; set; }

    public byte State { get; set; }

    public long OpenedUs { get; set; }

    public long SeenUs { get; set; }

    public long? ChangedUs { get; set; }

    public string? ChangedBy { get; set; }

    public string? Note { get; set; }

    public required string Document { get; set; }
}

/// <summary>A finding; everything but its life is in the document.</summary>
internal sealed class FindingRow
{
    public required string Id { get; set; }

    public byte Kind { get; set; }

    public byte State { get; set; }

    public long FirstSeenUs { get; set; }

    public long LastSeenUs { get; set; }

    public long? UntilUs { get; set; }

    public required string Document { get; set; }
}

/// <summary>A marker; the metadata is JSON.</summary>
internal sealed class MarkerRow
{
    public long Id { get; set; }

    public long AtUs { get; set; }

    public required string Name { get; set; }

    public string? Source { get; set; }

    public string? Metadata { get; set; }

    public long ReportedUs { get; set; }
}
