using PerfPortal.Domain.Operations;

namespace PerfPortal.Server.Storage.Blocks;

/// <summary>The state of a block. The numeric values are stored.</summary>
internal enum BlockState : byte
{
    /// <summary>Stored as committed.</summary>
    Fresh = 0,

    /// <summary>Merged with neighbouring blocks in time and compressed.</summary>
    Packed = 1,

    /// <summary>Packed and reduced to a representative sample of its operations (see <see cref="Thinning"/>).</summary>
    Thinned = 2,
}

/// <summary>Metadata of a stored block, sufficient to skip most blocks without opening them. Immutable, like the block.</summary>
internal sealed class BlockInfo
{
    /// <summary>The maximum number of series kept individually. Beyond that, only sources, names, and the duration range per metric type are kept.</summary>
    private const int MaxSeries = 128;

    private readonly ulong[]? _series;
    private readonly NumberSet? _sources;
    private readonly NumberSet? _names;
    private readonly uint[] _minDurations;
    private readonly uint[] _maxDurations;
    private readonly byte _types;
    private readonly byte _statuses;

    public BlockInfo(long id, BlockState state, long storedUs, BlockBounds bounds, IdExtent ids, IReadOnlyCollection<SeriesExtent> series)
    {
        Id = id;
        State = state;
        StoredUs = storedUs;
        Bounds = bounds;
        Ids = ids;
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

    /// <summary>The block id; never reused.</summary>
    public long Id { get; }

    public BlockState State { get; }

    /// <summary>The time at which its most recent operation was stored, µs since 1970.</summary>
    public long StoredUs { get; }

    public BlockBounds Bounds { get; }

    /// <summary>Which ids it may contain.</summary>
    public IdExtent Ids { get; }

    public int Count => Bounds.Count;

    /// <summary>Whether the block may contain operations of a metric type.</summary>
    public bool MayContain(MetricType type) => (_types & (1 << (int)type)) != 0;

    /// <summary>Whether the block may contain operations of a source.</summary>
    public bool MayContainSource(int source) => _sources?.Contains(source) ?? _series!.Any(series => BlockSeries.Unpack(series).SourceId == source);

    /// <summary>Whether all operations of the block are certainly of a source.</summary>
    public bool HasOnlySource(int source) => _series is not null && _series.All(series => BlockSeries.Unpack(series).SourceId == source);

    /// <summary>Adds the ids of all names in the block to a set.</summary>
    public void AddNames(ISet<int> names) => names.UnionWith(_names?.All ?? _series!.Select(series => BlockSeries.Unpack(series).NameId));

    /// <summary>Whether the block may contain operations that match.</summary>
    public bool MayContain(SeriesMatch match)
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
    /// Returns the duration range (µs) of the operations whose series match, or <see langword="null"/> if there are none. The actual range may be narrower, never wider.
    /// </summary>
    public (long Min, long Max)? DurationsOf(SeriesMatch match)
    {
        if (!MayContain(match))
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

/// <summary>The bounds of a block. Times are µs since 1970 and durations are µs; all bounds are inclusive.</summary>
internal readonly record struct BlockBounds(int Count, long FirstEnd, long LastEnd, long MinStart, long MaxStart, long MinDuration, long MaxDuration)
{
    /// <summary>Computes the bounds of operations ordered by ascending end time.</summary>
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

    /// <summary>Whether an operation may have ended in [<paramref name="from"/>, <paramref name="to"/>).</summary>
    public bool Overlaps(long from, long to) => FirstEnd < to && LastEnd >= from;

    /// <summary>Whether an operation may have started at a time.</summary>
    public bool StartsAround(long us) => MinStart <= us && MaxStart >= us;
}

/// <summary>A series filter translated to the ids stored in blocks.</summary>
/// <param name="Types">A bit for each matching metric type.</param>
/// <param name="Statuses">A bit for each matching status.</param>
/// <param name="SourceId">The source, or <see langword="null"/> for all.</param>
/// <param name="NotSourceIds">The excluded sources; <see langword="null"/> if there are none.</param>
/// <param name="NameId">The name, or <see langword="null"/> for all.</param>
internal sealed record SeriesMatch(byte Types, byte Statuses, int? SourceId, int[]? NotSourceIds, int? NameId)
{
    /// <summary>Translates a filter; <see langword="null"/> if nothing stored can match.</summary>
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
                filter.Source is null ? Excluded(directory) : null,
                name);
    }

    private static int[]? Excluded(NameDirectory directory)
    {
        int? portal = directory.Sources.Find(PortalSource.Name);
        var removed = directory.Sources.Hidden;
        return (portal, removed.Count) switch
        {
            (null, 0) => null,
            ({ } own, _) => [own, .. removed],
            _ => [.. removed],
        };
    }

    /// <summary>Whether a series matches.</summary>
    public bool Passes(BlockSeries series) =>
        (Types & (1 << (int)series.MetricType)) != 0 && (Statuses & (1 << (int)series.Status)) != 0
        && (SourceId is null || SourceId == series.SourceId) && (NotSourceIds is null || !NotSourceIds.AsSpan().Contains(series.SourceId))
        && (NameId is null || NameId == series.NameId);
}
