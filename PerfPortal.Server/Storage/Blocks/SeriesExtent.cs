namespace PerfPortal.Server.Storage.Blocks;

/// <summary>How short and how long the operations of one series in a block are, µs; both belong to it.</summary>
internal readonly record struct SeriesExtent(BlockSeries Series, long MinDuration, long MaxDuration);
