namespace PerfPortal.Server.Storage.Blocks;

/// <summary>The inclusive duration range of one series in a block, µs.</summary>
internal readonly record struct SeriesExtent(BlockSeries Series, long MinDuration, long MaxDuration);
