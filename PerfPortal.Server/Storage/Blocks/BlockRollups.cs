using System.Runtime.InteropServices;
using PerfPortal.Domain.Journal;
using PerfPortal.Domain.Operations;
using PerfPortal.Domain.Statistics;

namespace PerfPortal.Server.Storage.Blocks;

/// <summary>Aggregates operations of blocks by series and outcome directly from the columns, without materializing operations.</summary>
/// <param name="match">The operations to aggregate.</param>
/// <param name="withFacts">Whether numeric metadata is aggregated too.</param>
internal sealed class BlockRollups(RowMatch match, bool withFacts)
{
    private const int NoRollup = -1;

    private readonly Dictionary<BlockSeries, Rollup> _rollups = [];

    /// <summary>The rollups so far.</summary>
    public IReadOnlyDictionary<BlockSeries, Rollup> All => _rollups;

    /// <summary>Adds the matching operations of a block.</summary>
    public void Add(OperationBlock block)
    {
        if (match.SeriesOf(block.Series) is not { } passing)
        {
            return;
        }

        var rollups = new Rollup?[passing.Length];
        int[]? withNumbers = withFacts ? new int[block.Count] : null;
        var ends = block.Ends;
        var durations = block.Durations;
        var seriesOf = block.SeriesIndex;
        for (int i = 0; i < ends.Length; i++)
        {
            int of = seriesOf[i];
            var outcome = block.Series[of].Status;
            bool passes = passing[of] && match.Passes(ends[i], durations[i]);
            if (passes)
            {
                var mark = new OperationMark(Microseconds.ToTime(ends[i]), TimeSpan.FromMicroseconds(durations[i]), outcome);
                OperationFigures.AddTo(rollups[of] ??= Of(block.Series[of]), mark);
            }

            withNumbers?[i] = passes && outcome is OperationStatus.Succeeded or OperationStatus.Failed ? of : NoRollup;
        }

        if (withNumbers is not null && rollups.Any(rollup => rollup is not null))
        {
            AddFacts(block, withNumbers, rollups);
        }
    }

    private static void AddFacts(OperationBlock block, int[] seriesOf, Rollup?[] rollups)
    {
        var sums = new Summary[rollups.Length];
        foreach (var (name, values) in block.Numbers())
        {
            Array.Clear(sums);
            foreach (var (operation, value) in values)
            {
                if (seriesOf[operation] is >= 0 and int series)
                {
                    sums[series] = sums[series].Add(value);
                }
            }

            for (int i = 0; i < sums.Length; i++)
            {
                if (sums[i].Count > 0)
                {
                    rollups[i]!.AddFact(name, sums[i]);
                }
            }
        }
    }

    private Rollup Of(BlockSeries series)
    {
        ref var rollup = ref CollectionsMarshal.GetValueRefOrAddDefault(_rollups, series, out _);
        return rollup ??= new();
    }
}
