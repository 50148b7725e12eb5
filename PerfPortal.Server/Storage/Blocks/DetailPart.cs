namespace PerfPortal.Server.Storage.Blocks;

/// <summary>The part of an operation that a step describes. The values are stored; never renumber them.</summary>
internal enum DetailPart : byte
{
    /// <summary>A metadata member; it has a kind and a name.</summary>
    Member = 0,

    /// <summary>The completed amount of the progress.</summary>
    ProgressDone = 1,

    /// <summary>The total of the progress.</summary>
    ProgressTotal = 2,

    /// <summary>The unit of the progress.</summary>
    ProgressUnit = 3,

    /// <summary>Marks that resource usage was reported, even if empty; has no column.</summary>
    Usage = 4,

    /// <summary>A value of the resource usage; it has a name.</summary>
    UsageValue = 5,

    /// <summary>The trace id.</summary>
    TraceId = 6,

    /// <summary>The span id.</summary>
    SpanId = 7,

    /// <summary>The parent's id.</summary>
    ParentId = 8,

    /// <summary>The last heartbeat, µs after the start.</summary>
    Heartbeat = 9,

    /// <summary>The events: the count per operation, then for all events the time (µs since the start or the previous event), kind and detail.</summary>
    Events = 10,
}
