using System.Runtime.InteropServices;
using PerfPortal.Domain.Operations;
using OperationStatus = PerfPortal.Domain.Operations.OperationStatus;

namespace PerfPortal.Server.Storage.Blocks;

/// <summary>
/// The distinct series of a block in order of first occurrence: the number of series, then for each a byte (metric type × 8 + status),
/// the ids of source and name, and the number of operations.
/// </summary>
internal sealed class SeriesTable
{
    private readonly Dictionary<BlockSeries, int> _places = [];
    private readonly List<SeriesExtent> _series = [];
    private readonly List<int> _counts = [];
    private int _last = -1;

    /// <summary>The series with their duration ranges.</summary>
    public SeriesExtent[] Extents => [.. _series];

    /// <summary>Adds an operation with a duration in µs.</summary>
    /// <returns>The index of its series.</returns>
    public int Add(BlockSeries series, long duration)
    {
        if (_last < 0 || _series[_last].Series != series)
        {
            ref int place = ref CollectionsMarshal.GetValueRefOrAddDefault(_places, series, out bool isKnown);
            if (!isKnown)
            {
                place = _series.Count;
                _series.Add(new(series, duration, duration));
                _counts.Add(0);
            }

            _last = place;
        }

        _counts[_last]++;
        ref var extent = ref CollectionsMarshal.AsSpan(_series)[_last];
        if (duration < extent.MinDuration || duration > extent.MaxDuration)
        {
            extent = extent with { MinDuration = Math.Min(extent.MinDuration, duration), MaxDuration = Math.Max(extent.MaxDuration, duration) };
        }

        return _last;
    }

    /// <summary>Writes the table.</summary>
    public void Write(BlockBuffer target)
    {
        target.Varint((ulong)_series.Count);
        for (int i = 0; i < _series.Count; i++)
        {
            var series = _series[i].Series;
            target.Byte((byte)((int)series.MetricType << 3 | (int)series.Status));
            target.ZigZag(series.SourceId);
            target.ZigZag(series.NameId);
            target.Varint((ulong)_counts[i]);
        }
    }

    /// <summary>Removes all series.</summary>
    public void Clear()
    {
        _places.Clear();
        _series.Clear();
        _counts.Clear();
        _last = -1;
    }

    /// <summary>Reads the table of a block.</summary>
    /// <exception cref="InvalidDataException">The table is corrupt.</exception>
    public static (BlockSeries[] Series, int[] Counts) Read(ReadOnlySpan<byte> bytes, int operations)
    {
        var reader = new BlockReader(bytes);
        var series = new BlockSeries[reader.Count(operations)];
        int[] counts = new int[series.Length];
        int left = operations;
        for (int i = 0; i < series.Length; i++)
        {
            byte kind = reader.Byte();
            var (type, status) = ((MetricType)(kind >> 3), (OperationStatus)(kind & 7));
            if (type > MetricType.SystemResource || status > OperationStatus.Abandoned)
            {
                throw BlockReader.Damaged("unknown metric type or status");
            }

            series[i] = new(type, Number(ref reader), Number(ref reader), status);
            counts[i] = reader.Count(left);
            left -= counts[i];
        }

        return left == 0 && reader.Left == 0 ? (series, counts) : throw BlockReader.Damaged("the series counts do not match the number of operations");
    }

    private static int Number(ref BlockReader reader)
    {
        long number = reader.ZigZag();
        return number is >= int.MinValue and <= int.MaxValue ? (int)number : throw BlockReader.Damaged("a name id is out of range");
    }
}
