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
        MetricType[] types = [.. block.Series.Select(one => one.MetricType)];
        ushort[] places = Sort(durations);
        uint[] sorted = new uint[places.Length];
        ushort[] series = new ushort[places.Length];
        int[] starts = new int[MetricTypes.All.Count + 1];
        for (int i = 0; i < places.Length; i++)
        {
            sorted[i] = Short(durations[places[i]]);
            series[i] = seriesOf[places[i]];
            starts[(int)types[series[i]] + 1]++;
        }

        for (int type = 1; type < starts.Length; type++)
        {
            starts[type] += starts[type - 1];
        }

        ushort[] byType = new ushort[places.Length];
        int[] next = [.. starts];
        for (int i = 0; i < places.Length; i++)
        {
            byType[next[(int)types[series[i]]]++] = (ushort)i;
        }

        return new([.. block.Series.Select(one => one.Pack())], sorted, places, series, byType, starts);
    }

    /// <summary>Returns the operations of one metric type, or all.</summary>
    public Run RunOf(MetricType? type) => type is { } only ? new(this, true, _starts[(int)only], _starts[(int)only + 1]) : new(this, false, 0, _durations.Length);

    /// <summary>
    /// Returns the indexes of the operations by duration, then in block order. A radix sort is stable and takes a fraction of the time of comparisons; durations that exceed
    /// its 32 bits are rare and follow.
    /// </summary>
    private static ushort[] Sort(ReadOnlySpan<long> durations)
    {
        const int digitBits = 8;
        ushort[] places = new ushort[durations.Length];
        ushort[] target = new ushort[durations.Length];
        for (int i = 0; i < places.Length; i++)
        {
            places[i] = (ushort)i;
        }

        Span<int> next = stackalloc int[(1 << digitBits) + 1];
        for (int shift = 0; shift < 32; shift += digitBits)
        {
            next.Clear();
            foreach (long duration in durations)
            {
                next[(byte)(Short(duration) >> shift) + 1]++;
            }

            for (int digit = 1; digit < next.Length; digit++)
            {
                next[digit] += next[digit - 1];
            }

            foreach (ushort place in places)
            {
                target[next[(byte)(Short(durations[place]) >> shift)]++] = place;
            }

            (places, target) = (target, places);
        }

        int longest = places.Length;
        while (longest > 0 && durations[places[longest - 1]] >= uint.MaxValue)
        {
            longest--;
        }

        if (longest < places.Length)
        {
            long[] all = durations.ToArray();
            places.AsSpan(longest).Sort((x, y) => all[x] != all[y] ? all[x].CompareTo(all[y]) : x.CompareTo(y));
        }

        return places;
    }

    private static uint Short(long duration) => (uint)Math.Min(duration, uint.MaxValue);

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
