namespace PerfPortal.Server.Storage.Model;

/// <summary>A source's name, once; rows hold its number.</summary>
internal sealed class SourceRow
{
    public int Id { get; set; }

    public required string Name { get; set; }
}

/// <summary>An operation's name, once; rows hold its number.</summary>
internal sealed class NameRow
{
    public int Id { get; set; }

    public required string Name { get; set; }
}

/// <summary>An operation that ended, on SQL Server; see <see cref="OperationKeys"/> for the key.</summary>
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

/// <summary>Ended operations, columnar; see docs/block-format.md. On SQLite, in place of <see cref="OperationRow"/>.</summary>
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

/// <summary>An operation that runs, whole, so that it survives a restart.</summary>
internal sealed class RunningRow
{
    public required byte[] Id { get; set; }

    public required byte[] Document { get; set; }
}

/// <summary>All rollups of a minute or an hour, or those of the minutes of an hour together; see docs/storage-format.md.</summary>
internal sealed class RollupPageRow
{
    /// <summary>Four times the bucket, plus the resolution; for the minutes of an hour four times the hour, plus 3.</summary>
    public long Key { get; set; }

    public required byte[] Data { get; set; }
}

/// <summary>A minute whose rollups are behind its rows.</summary>
internal sealed class DirtyMinuteRow
{
    public long Minute { get; set; }
}

/// <summary>A sample of a host.</summary>
internal sealed class SampleRow
{
    public int SourceId { get; set; }

    public long AtUs { get; set; }

    public required byte[] Data { get; set; }
}

/// <summary>What a host's sensors said over a minute or an hour.</summary>
internal sealed class ResourceRollupRow
{
    public byte Resolution { get; set; }

    public int SourceId { get; set; }

    public long Bucket { get; set; }

    public required byte[] Data { get; set; }
}

/// <summary>A document that an admin edits in the portal, such as the thresholds.</summary>
internal sealed class SettingRow
{
    public required string Key { get; set; }

    public required string Value { get; set; }

    /// <summary>Counts the changes; an edit names the version that it saw.</summary>
    public long Version { get; set; }

    public long ChangedUs { get; set; }

    public required string ChangedBy { get; set; }
}

/// <summary>A change of a setting: who, when, from what to what.</summary>
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

/// <summary>A recommendation and where it is in its life.</summary>
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
