namespace PerfPortal.Server.Storage.Blocks;

/// <summary>How short and how long the operations of one series in a block are, µs; both belong to it.</summary>
internal readonly record struct SeriesExtent(BlockSeries Series, long MinDuration, long MaxDuration)
{
    /// <summary>The extents of a block's series, in their order.</summary>
    public static SeriesExtent[] Of(OperationBlock block)
    {
        var extents = new SeriesExtent[block.Series.Count];
        for (int i = 0; i < extents.Length; i++)
        {
            extents[i] = new(block.Series[i], long.MaxValue, 0);
        }

        var series = block.SeriesIndex;
        var durations = block.Durations;
        for (int i = 0; i < durations.Length; i++)
        {
            ref var extent = ref extents[series[i]];
            extent = extent with { MinDuration = Math.Min(extent.MinDuration, durations[i]), MaxDuration = Math.Max(extent.MaxDuration, durations[i]) };
        }

        return extents;
    }
}
