using PerfPortal.Domain.Operations;

namespace PerfPortal.Server.Storage.Blocks;

/// <summary>
/// The operations of one block in the order of their durations, type by type: 8 bytes an operation, so that a page by
/// duration is a merge of runs that are sorted already.
/// </summary>
internal sealed class DurationOrder
{
    private readonly uint[] _durations;
    private readonly ushort[] _places;
    private readonly ushort[] _series;
    private readonly int[] _starts;

    private DurationOrder(IReadOnlyList<BlockSeries> series, uint[] durations, ushort[] places, ushort[] seriesOf, int[] starts)
    {
        Series = series;
        _durations = durations;
        _places = places;
        _series = seriesOf;
        _starts = starts;
    }

    /// <summary>The series of the block.</summary>
    public IReadOnlyList<BlockSeries> Series { get; }

    /// <summary>Bytes in memory, about.</summary>
    public long Bytes => 128 + (8L * _durations.Length);

    /// <summary>Sorts a block.</summary>
    public static DurationOrder Of(OperationBlock block)
    {
        int count = block.Count;
        var ends = block.SeriesIndex;
        var durations = block.Durations;
        var keys = new (byte Type, long Duration, ushort Place)[count];
        for (int i = 0; i < count; i++)
        {
            keys[i] = ((byte)block.Series[ends[i]].MetricType, durations[i], (ushort)i);
        }

        Array.Sort(keys);
        var sorted = new uint[count];
        var places = new ushort[count];
        var series = new ushort[count];
        var starts = new int[MetricTypes.All.Count + 1];
        for (int i = 0; i < count; i++)
        {
            sorted[i] = (uint)Math.Min(keys[i].Duration, uint.MaxValue);
            places[i] = keys[i].Place;
            series[i] = block.SeriesIndex[keys[i].Place];
            starts[keys[i].Type + 1] = i + 1;
        }

        for (int type = 1; type < starts.Length; type++)
        {
            starts[type] = Math.Max(starts[type], starts[type - 1]);
        }

        return new(block.Series, sorted, places, series, starts);
    }

    /// <summary>The run of one type: from its first to behind its last.</summary>
    public (int First, int End) RunOf(MetricType type) => (_starts[(int)type], _starts[(int)type + 1]);

    /// <summary>The place in the block of the operation at <paramref name="at"/> in this order.</summary>
    public int PlaceAt(int at) => _places[at];

    /// <summary>Its series, by place in <see cref="Series"/>.</summary>
    public int SeriesAt(int at) => _series[at];

    /// <summary>Its duration in µs, or <see langword="null"/> when it is longer than 71 minutes and the block must say.</summary>
    public long? DurationAt(int at) => _durations[at] == uint.MaxValue ? null : _durations[at];
}
