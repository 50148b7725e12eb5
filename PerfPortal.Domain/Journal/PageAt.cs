using PerfPortal.Domain.Statistics;

namespace PerfPortal.Domain.Journal;

/// <summary>One minute or hour.</summary>
/// <param name="Resolution">Minute or hour.</param>
/// <param name="Bucket">Which since 1970.</param>
internal readonly record struct PageAt(RollupResolution Resolution, long Bucket);
