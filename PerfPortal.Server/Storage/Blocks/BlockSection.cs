namespace PerfPortal.Server.Storage.Blocks;

/// <summary>The sections of a block, in the order in which they lie. The numbers are stored by position; never reorder them.</summary>
internal enum BlockSection
{
    /// <summary>The distinct series and how many operations each has; never compressed.</summary>
    Series = 0,

    /// <summary>When each operation ended.</summary>
    Ends = 1,

    /// <summary>How long each took.</summary>
    Durations = 2,

    /// <summary>The series of each.</summary>
    SeriesIndex = 3,

    /// <summary>The ids.</summary>
    Ids = 4,

    /// <summary>Error types and texts.</summary>
    Errors = 5,

    /// <summary>Metadata and all other parts.</summary>
    Details = 6,
}
