using PerfPortal.Domain.Operations;
using PerfPortal.Domain.Statistics;

namespace PerfPortal.Server.Storage.Blocks;

/// <summary>How far a block has come. The numeric values are stored.</summary>
internal enum BlockState : byte
{
    /// <summary>As it was committed.</summary>
    Fresh = 0,

    /// <summary>Merged with its neighbours in time and compressed.</summary>
    Packed = 1,

    /// <summary>Packed, and only a fair share of its operations is left (see <c>RawSampling</c>).</summary>
    Thinned = 2,
}

/// <summary>What is known of a stored block without opening it: enough to pass over most of them. Immutable, as the block is.</summary>
internal sealed class BlockInfo
{
    /// <summary>Series that are kept in memory one by one; of a block with more, its sources, its names, and how short and long the operations of each type are.</summary>
    private const int MaxSeries = 128;

    private readonly ulong[]? _series;
    private readonly NumberSet? _sources;
    private readonly NumberSet? _names;
    private readonly uint[] _minDurations;
    private readonly uint[] _maxDurations;
    private readonly byte _types;
    private readonly byte _statuses;

    public BlockInfo(long id, BlockState state, long storedUs, BlockBounds bounds, IReadOnlyCollection<SeriesExtent> series)
    {
        Id = id;
        State = state;
        StoredUs = storedUs;
        Bounds = bounds;
        if (series.Count <= MaxSeries)
        {
            _series = [.. series.Select(one => one.Series.Pack())];
        }
        else
        {
            _sources = NumberSet.Of(series.Select(one => one.Series.SourceId));
            _names = NumberSet.Of(series.Select(one => one.Series.NameId));
        }

        int extents = _series?.Length ?? MetricTypes.All.Count;
        (_minDurations, _maxDurations) = (new uint[extents], new uint[extents]);
        int place = 0;
        foreach (var (one, min, max) in series)
        {
            int type = (int)one.MetricType;
            int at = _series is null ? type : place++;
            bool isFirst = _series is not null || (_types & (1 << type)) == 0;
            _minDurations[at] = isFirst ? Short(min) : Math.Min(_minDurations[at], Short(min));
            _maxDurations[at] = Math.Max(_maxDurations[at], Short(max));
            _types |= (byte)(1 << type);
            _statuses |= (byte)(1 << (int)one.Status);
        }
    }

    /// <summary>Its number; never used again for another block.</summary>
    public long Id { get; }

    public BlockState State { get; }

    /// <summary>When the youngest of its operations was stored, µs since 1970.</summary>
    public long StoredUs { get; }

    public BlockBounds Bounds { get; }

    public int Count => Bounds.Count;

    /// <summary>Whether an operation of this type may be in it.</summary>
    public bool MayHold(MetricType type) => (_types & (1 << (int)type)) != 0;

    /// <summary>Whether an operation that passes may be in it.</summary>
    public bool MayHold(SeriesMatch match)
    {
        if ((match.Types & _types) == 0 || (match.Statuses & _statuses) == 0)
        {
            return false;
        }

        if (_series is null)
        {
            return (match.SourceId is not { } source || _sources!.Contains(source)) && (match.NameId is not { } name || _names!.Contains(name));
        }

        foreach (ulong one in _series)
        {
            if (match.Passes(BlockSeries.Unpack(one)))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>
    /// Between which durations (µs) the operations lie whose series pass; <see langword="null"/> when there are none. The truth may be narrower, never wider.
    /// </summary>
    public (long Min, long Max)? DurationsOf(SeriesMatch match)
    {
        if (!MayHold(match))
        {
            return null;
        }

        (long Min, long Max)? durations = null;
        for (int i = 0; i < _minDurations.Length; i++)
        {
            if (_series is not null ? match.Passes(BlockSeries.Unpack(_series[i])) : (match.Types & _types & (1 << i)) != 0)
            {
                long longest = _maxDurations[i] == uint.MaxValue ? Bounds.MaxDuration : _maxDurations[i];
                durations = durations is { } known ? (Math.Min(known.Min, _minDurations[i]), Math.Max(known.Max, longest)) : (_minDurations[i], longest);
            }
        }

        return durations;
    }

    private static uint Short(long duration) => (uint)Math.Min(duration, uint.MaxValue);
}

/// <summary>The extent of a block. Times are µs since 1970, both ends belong to it; durations are µs.</summary>
internal readonly record struct BlockBounds(int Count, long FirstEnd, long LastEnd, long MinStart, long MaxStart, long MinDuration, long MaxDuration)
{
    /// <summary>The extent of operations that are in ascending order of their ends.</summary>
    public static BlockBounds Of(IReadOnlyList<Operation> operations)
    {
        long minStart = long.MaxValue, maxStart = long.MinValue, minDuration = long.MaxValue, maxDuration = long.MinValue;
        foreach (var operation in operations)
        {
            long start = operation.StartTime.ToMicroseconds();
            long duration = operation.EndTime!.Value.ToMicroseconds() - start;
            minStart = Math.Min(minStart, start);
            maxStart = Math.Max(maxStart, start);
            minDuration = Math.Min(minDuration, duration);
            maxDuration = Math.Max(maxDuration, duration);
        }

        return new(
            operations.Count, operations[0].EndTime!.Value.ToMicroseconds(), operations[^1].EndTime!.Value.ToMicroseconds(), minStart, maxStart, minDuration, maxDuration);
    }

    /// <summary>Whether an operation of it may have ended in [<paramref name="from"/>, <paramref name="to"/>).</summary>
    public bool Overlaps(long from, long to) => FirstEnd < to && LastEnd >= from;

    /// <summary>Whether an operation of it may have started then.</summary>
    public bool StartsAround(long us) => MinStart <= us && MaxStart >= us;
}

/// <summary>A series filter in the numbers that blocks hold.</summary>
/// <param name="Types">A bit for each metric type that passes.</param>
/// <param name="Statuses">A bit for each status that passes.</param>
/// <param name="SourceId">The source, or <see langword="null"/> for all.</param>
/// <param name="NotSourceId">A source that does not pass, or <see langword="null"/>.</param>
/// <param name="NameId">The name, or <see langword="null"/> for all.</param>
internal sealed record SeriesMatch(byte Types, byte Statuses, int? SourceId, int? NotSourceId, int? NameId)
{
    /// <summary>The numbers of a filter; <see langword="null"/> when nothing that is stored can pass.</summary>
    public static SeriesMatch? Of(SeriesFilter filter, NameDirectory directory)
    {
        int? source = filter.Source is null ? null : directory.Sources.Find(filter.Source);
        int? name = filter.Name is null ? null : directory.Names.Find(filter.Name);
        return (filter.Source is not null && source is null) || (filter.Name is not null && name is null)
            ? null
            : new(
                filter.MetricType is { } type ? (byte)(1 << (int)type) : byte.MaxValue,
                filter.Status is { } status ? (byte)(1 << (int)status) : byte.MaxValue,
                source,
                filter.Source is null ? directory.Sources.Find(PortalSource.Name) : null,
                name);
    }

    /// <summary>Whether a series passes.</summary>
    public bool Passes(BlockSeries series) =>
        (Types & (1 << (int)series.MetricType)) != 0 && (Statuses & (1 << (int)series.Status)) != 0
        && (SourceId is null || SourceId == series.SourceId) && (NotSourceId is null || NotSourceId != series.SourceId)
        && (NameId is null || NameId == series.NameId);
}
