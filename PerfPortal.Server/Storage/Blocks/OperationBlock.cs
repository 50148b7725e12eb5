using PerfPortal.Domain.Operations;

namespace PerfPortal.Server.Storage.Blocks;

/// <summary>
/// A block of ended operations, in the order of their ends. Each section is checked and decoded when it is first asked for, so that
/// a reader pays for what it looks at. May be read by several threads. Everything here throws <see cref="InvalidDataException"/>
/// when what it looks at is damaged.
/// </summary>
internal sealed class OperationBlock
{
    private readonly ReadOnlyMemory<byte> _bytes;
    private readonly BlockHeader _header;
    private readonly BlockSeries[] _series;
    private readonly int[] _seriesCounts;
    private long[]? _ends;
    private long[]? _durations;
    private ushort[]? _seriesIndex;
    private Halves? _ids;
    private Errors? _errors;
    private DetailsReader? _details;

    private OperationBlock(ReadOnlyMemory<byte> bytes)
    {
        _bytes = bytes;
        _header = BlockHeader.Read(bytes.Span);
        (_series, _seriesCounts) = SeriesTable.Read(Section(BlockSection.Series).Span, _header.Count);
    }

    /// <summary>How many operations there are, 1–65,535.</summary>
    public int Count => _header.Count;

    /// <summary>The distinct series.</summary>
    public IReadOnlyList<BlockSeries> Series => _series;

    /// <summary>How many operations each series has.</summary>
    public IReadOnlyList<int> SeriesCounts => _seriesCounts;

    /// <summary>When each operation ended, µs since 1970, ascending.</summary>
    public ReadOnlySpan<long> Ends => _ends ??= ReadEnds();

    /// <summary>How long each took, µs, at least 0; the start is the end less this.</summary>
    public ReadOnlySpan<long> Durations => _durations ??= ReadDurations();

    /// <summary>The place of each operation's series in <see cref="Series"/>.</summary>
    public ReadOnlySpan<ushort> SeriesIndex => _seriesIndex ??= ReadSeriesIndex();

    private Halves Ids => _ids ??= ReadIds();

    private DetailsReader Details => _details ??= new(Section(BlockSection.Details), Count);

    private Errors ErrorTexts => _errors ??= ReadErrors();

    /// <summary>Opens a block; its bytes are kept and must not change.</summary>
    /// <exception cref="InvalidDataException">It is damaged: its length, its header or its series.</exception>
    public static OperationBlock Open(ReadOnlyMemory<byte> bytes) => new(bytes);

    /// <summary>The id of an operation.</summary>
    public Guid IdAt(int index) => OperationKeys.Join(Ids.High[index], Ids.Low[index]);

    /// <summary>The operation of an id, or −1.</summary>
    public int IndexOf(Guid id)
    {
        var (high, low) = OperationKeys.Split(id);
        var ids = Ids;
        for (int start = 0; ;)
        {
            int found = ids.Low.AsSpan(start).IndexOf(low);
            if (found < 0)
            {
                return -1;
            }

            if (ids.High[start + found] == high)
            {
                return start + found;
            }

            start += found + 1;
        }
    }

    /// <summary>All ids as two big-endian numbers each (<see cref="OperationKeys.Split"/>).</summary>
    /// <param name="target">At least <see cref="Count"/> long.</param>
    public void CopyIds(Span<(long High, long Low)> target)
    {
        var ids = Ids;
        for (int i = 0; i < ids.High.Length; i++)
        {
            target[i] = (ids.High[i], ids.Low[i]);
        }
    }

    /// <summary>The error type of an operation; metadata is not decoded for it.</summary>
    public string? ErrorTypeAt(int index) => ErrorTexts.Types?.At(index);

    /// <summary>The error text of an operation; metadata is not decoded for it.</summary>
    public string? ErrorMessageAt(int index) => ErrorTexts.Messages?.At(index);

    /// <summary>Whether the error type or text of some operation contains a text, ignoring case.</summary>
    public bool HasError(string text) => ErrorTexts.Types?.Contains(text) == true || ErrorTexts.Messages?.Contains(text) == true;

    /// <summary>The metadata members that are numbers or booleans: the name of each column, and its operations with their values.</summary>
    public IEnumerable<(string Name, IEnumerable<(int Operation, double Value)> Values)> Numbers() => Details.Numbers();

    /// <summary>Compares every section with its checksum: what passes can be decoded later without a surprise.</summary>
    /// <exception cref="InvalidDataException">A section is damaged.</exception>
    public void Verify()
    {
        foreach (var section in Enum.GetValues<BlockSection>())
        {
            Check(section);
        }
    }

    /// <summary>An operation as it was written.</summary>
    /// <param name="index">Its place.</param>
    /// <param name="nameOf">Gives the name of a number.</param>
    /// <param name="sourceOf">Gives the source of a number.</param>
    public Operation OperationAt(int index, Func<int, string> nameOf, Func<int, string> sourceOf) =>
        Details.Complete(OutlineAt(index, nameOf, sourceOf), index, Ends[index] - Durations[index]);

    /// <summary>An operation without what it brought along: metadata, events, resource usage.</summary>
    /// <param name="index">Its place.</param>
    /// <param name="nameOf">Gives the name of a number.</param>
    /// <param name="sourceOf">Gives the source of a number.</param>
    public Operation OutlineAt(int index, Func<int, string> nameOf, Func<int, string> sourceOf)
    {
        var series = _series[SeriesIndex[index]];
        long end = Ends[index];
        return new()
        {
            Id = IdAt(index),
            MetricType = series.MetricType,
            Name = nameOf(series.NameId),
            Source = sourceOf(series.SourceId),
            Status = series.Status,
            StartTime = BlockTimes.ToTime(end - Durations[index]),
            EndTime = BlockTimes.ToTime(end),
            ErrorType = ErrorTypeAt(index),
            ErrorMessage = ErrorMessageAt(index),
        };
    }

    /// <summary>The bytes of a section as they lie, for who measures.</summary>
    public int LengthOf(BlockSection section) => _header[section].Length;

    private ReadOnlyMemory<byte> Section(BlockSection section)
    {
        var bytes = Check(section);
        return _header[section].IsCompressed ? Brotli.Decompress(bytes.Span, _header[section].RawLength) : bytes;
    }

    private ReadOnlyMemory<byte> Check(BlockSection section)
    {
        var entry = _header[section];
        var bytes = _bytes.Slice(entry.Start, entry.Length);
        return Crc32C.Of(bytes.Span) == entry.Checksum ? bytes : throw BlockReader.Damaged($"the checksum of its section {section} is wrong");
    }

    private long[] ReadColumn(BlockSection section)
    {
        long[] values = new long[Count];
        var reader = new BlockReader(Section(section).Span);
        IntegerColumn.Read(ref reader, values);
        return reader.Left == 0 ? values : throw BlockReader.Damaged($"something is left behind its section {section}");
    }

    private long[] ReadEnds()
    {
        long[] ends = ReadColumn(BlockSection.Ends);
        for (int i = 1; i < ends.Length; i++)
        {
            if (ends[i] < ends[i - 1])
            {
                throw BlockReader.Damaged("its operations are not in the order of their ends");
            }
        }

        return ends;
    }

    private long[] ReadDurations()
    {
        long[] durations = ReadColumn(BlockSection.Durations);
        return durations.AsSpan().ContainsAnyExceptInRange(0, long.MaxValue) ? throw BlockReader.Damaged("a duration is negative") : durations;
    }

    private ushort[] ReadSeriesIndex()
    {
        long[] values = ReadColumn(BlockSection.SeriesIndex);
        ushort[] index = new ushort[values.Length];
        for (int i = 0; i < index.Length; i++)
        {
            index[i] = (ulong)values[i] < (ulong)_series.Length ? (ushort)values[i] : throw BlockReader.Damaged("an operation has no series");
        }

        return index;
    }

    private Halves ReadIds()
    {
        var section = Section(BlockSection.Ids).Span;
        var ids = new Halves(new long[Count], new long[Count]);
        bool isRaw = IdColumns.IsRaw(section);
        IdColumns.Read(section, isRaw ? [] : Ends, isRaw ? [] : Durations, ids.High, ids.Low);
        return ids;
    }

    private Errors ReadErrors()
    {
        var section = Section(BlockSection.Errors);
        if (section.IsEmpty)
        {
            return new(null, null);
        }

        var types = TextColumn.Read(section, Count, isNullable: true, out int read);
        return new(types, TextColumn.Read(section[read..], Count, isNullable: true, out _));
    }

    private sealed record Halves(long[] High, long[] Low);

    private sealed record Errors(TextColumn? Types, TextColumn? Messages);
}
