namespace PerfPortal.Server.Storage.Blocks;

/// <summary>The sections of a block in storage order. The values are the positions in the header; never reorder them.</summary>
internal enum BlockSection
{
    /// <summary>The distinct series and their operation counts; never compressed.</summary>
    Series = 0,

    /// <summary>The end time of each operation.</summary>
    Ends = 1,

    /// <summary>The duration of each operation.</summary>
    Durations = 2,

    /// <summary>The series of each operation.</summary>
    SeriesIndex = 3,

    /// <summary>The operation ids.</summary>
    Ids = 4,

    /// <summary>The error types and messages.</summary>
    Errors = 5,

    /// <summary>The metadata and all other details.</summary>
    Details = 6,
}
