using PerfPortal.Domain.Operations;

namespace PerfPortal.Server.Storage.Blocks;

/// <summary>
/// The operations of one block ordered by duration, overall and per metric type, so that a page by duration is a merge of sorted runs. Uses 10 bytes per
/// operation and 8 bytes per series.
/// </summary>
internal sealed class DurationOrder
{
    private const int BytesOfOperation = 10;
    private const int BytesOfSeries = 8;

    private readonly ulong[] _table;
    private readonly uint[] _durations;
    private readonly ushort[] _places;
    private readonly ushort[] _series;
    private readonly ushort[] _byType;
    private readonly int[] _starts;

    private DurationOrder(ulong[] table, uint[] durations, ushort[] places, ushort[] series, ushort[] byType, int[] starts)
    {
        _table = table;
        _durations = durations;
        _places = places;
        _series = series;
        _byType = byType;
        _starts = starts;
    }

    /// <summary>The approximate memory size in bytes.</summary>
    public long Bytes => 256 + (BytesOfOperation * _durations.Length) + (BytesOfSeries * _table.Length);

    /// <summary>Sorts a block.</summary>
    public static DurationOrder Of(OperationBlock block)
    {
        var seriesOf = block.SeriesIndex;
        var durations = block.Durations;
        long[] keys = durations.ToArray();
        ushort[] places = [.. Enumerable.Range(0, keys.Length).Select(place => (ushort)place)];
        Array.Sort(keys, places);
        uint[] sorted = new uint[keys.Length];
        ushort[] series = new ushort[keys.Length];
        int[] starts = new int[MetricTypes.All.Count + 1];
        for (int i = 0; i < keys.Length; i++)
        {
            // Array.Sort is unstable: restore the block order of equal durations.
            if (i == 0 || keys[i] != keys[i - 1])
            {
                int end = i + 1;
                while (end < keys.Length && keys[end] == keys[i])
                {
                    end++;
                }

                places.AsSpan(i, end - i).Sort();
            }

            sorted[i] = (uint)Math.Min(keys[i], uint.MaxValue);
            series[i] = seriesOf[places[i]];
            starts[(int)block.Series[series[i]].MetricType + 1]++;
        }

        for (int type = 1; type < starts.Length; type++)
        {
            starts[type] += starts[type - 1];
        }

        ushort[] byType = new ushort[keys.Length];
        int[] next = [.. starts];
        for (int i = 0; i < keys.Length; i++)
        {
            byType[next[(int)block.Series[series[i]].MetricType]++] = (ushort)i;
        }

        return new([.. block.Series.Select(one => one.Pack())], sorted, places, series, byType, starts);
    }

    /// <summary>Returns the operations of one metric type, or all.</summary>
    public Run RunOf(MetricType? type) => type is { } only ? new(this, true, _starts[(int)only], _starts[(int)only + 1]) : new(this, false, 0, _durations.Length);

    /// <summary>Operations in ascending order of duration, then in block order, which is by end and id.</summary>
    internal readonly struct Run(DurationOrder order, bool isOfType, int first, int end)
    {
        /// <summary>The number of operations.</summary>
        public int Count => end - first;

        /// <summary>Returns the index in the block.</summary>
        public int PlaceAt(int at) => order._places[In(at)];

        /// <summary>Returns the series.</summary>
        public BlockSeries SeriesAt(int at) => BlockSeries.Unpack(order._table[order._series[In(at)]]);

        /// <summary>Returns the duration in µs, or <see langword="null"/> if it exceeds 71 minutes and must be read from the block.</summary>
        public long? DurationAt(int at) => order._durations[In(at)] is var duration && duration == uint.MaxValue ? null : duration;

        private int In(int at) => isOfType ? order._byType[first + at] : first + at;
    }
}
