namespace PerfPortal.Server.Storage.Blocks;

/// <summary>What a step of a shape says of its operations. The numbers are stored; never renumber them.</summary>
internal enum DetailPart : byte
{
    /// <summary>A metadata member; it has a kind and a name.</summary>
    Member = 0,

    /// <summary>That progress was reported: how much is done.</summary>
    ProgressDone = 1,

    /// <summary>The total of the progress.</summary>
    ProgressTotal = 2,

    /// <summary>The unit of the progress.</summary>
    ProgressUnit = 3,

    /// <summary>That resource usage was reported, be it empty; no column.</summary>
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

    /// <summary>The events: how many, then of all one after another their time (µs after the start or the event before), kind and detail.</summary>
    Events = 10,
}
