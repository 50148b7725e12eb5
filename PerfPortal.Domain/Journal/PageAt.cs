namespace PerfPortal.Domain.Journal;

/// <summary>Identifies the page of one minute or hour.</summary>
/// <param name="Resolution">Minute or hour.</param>
/// <param name="Bucket">The number of the minute or hour since 1970.</param>
internal readonly record struct PageAt(RollupResolution Resolution, long Bucket);
