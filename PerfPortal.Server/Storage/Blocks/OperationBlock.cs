using PerfPortal.Domain.Operations;

namespace PerfPortal.Server.Storage.Blocks;

/// <summary>
/// A block of ended operations, ordered by end time. Sections are verified and decoded on first access, so that
/// readers pay only for the sections they use. Thread-safe for reading. All members throw <see cref="InvalidDataException"/>
/// if the data they access is corrupt.
/// </summary>
internal sealed class OperationBlock : IDisposable
{
    private readonly ReadOnlyMemory<byte> _bytes;
    private readonly BlockMemory? _memory;
    private readonly BlockHeader _header;
    private Table? _table;
    private Column? _ends;
    private Column? _durations;
    private ushort[]? _seriesIndex;
    private BlockIds? _ids;
    private Errors? _errors;
    private DetailsReader? _details;
    private bool _isClosed;

    private OperationBlock(ReadOnlyMemory<byte> bytes, BlockMemory? memory)
    {
        _bytes = bytes;
        _memory = memory;
        _header = BlockHeader.Read(bytes.Span);
    }

    /// <summary>The number of operations, 1–65,535.</summary>
    public int Count => _header.Count;

    /// <summary>The distinct series.</summary>
    public IReadOnlyList<BlockSeries> Series => SeriesAndCounts.Series;

    /// <summary>The number of operations of each series.</summary>
    public IReadOnlyList<int> SeriesCounts => SeriesAndCounts.Counts;

    /// <summary>The end time of each operation, µs since 1970, ascending.</summary>
    public ReadOnlySpan<long> Ends => (_ends ??= ReadEnds()).Values.Span;

    /// <summary>The duration of each operation, µs, at least 0. The start is the end minus the duration.</summary>
    public ReadOnlySpan<long> Durations => (_durations ??= ReadDurations()).Values.Span;

    /// <summary>The index of each operation's series in <see cref="Series"/>.</summary>
    public ReadOnlySpan<ushort> SeriesIndex => _seriesIndex ??= ReadSeriesIndex();

    private Table SeriesAndCounts => _table ??= ReadSeries();

    private BlockIds Ids => _ids ??= ReadIds();

    private DetailsReader Details => _details ??= new(Section(BlockSection.Details), Count);

    private Errors ErrorTexts => _errors ??= ReadErrors();

    /// <summary>Opens a block. The bytes are retained and must not change.</summary>
    /// <exception cref="InvalidDataException">The length or the header is corrupt.</exception>
    public static OperationBlock Open(ReadOnlyMemory<byte> bytes) => new(bytes, null);

    /// <summary>Opens a block for a single use on one thread. Decoded data is stored in <paramref name="memory"/>, which is disposed with the block.</summary>
    /// <exception cref="InvalidDataException">The length or the header is corrupt.</exception>
    public static OperationBlock Open(ReadOnlyMemory<byte> bytes, BlockMemory memory) => new(bytes, memory);

    /// <summary>Releases the memory of a block opened for a single use, which must not be used afterwards. Does nothing for other blocks.</summary>
    public void Dispose()
    {
        if (_memory is not null)
        {
            _isClosed = true;
            (_ends, _durations, _ids, _errors, _details) = (null, null, null, null, null);
            _memory.Dispose();
        }
    }

    /// <summary>Returns the id of an operation.</summary>
    public Guid IdAt(int index)
    {
        var (high, low) = Ids[index];
        return OperationKeys.Join(high, low);
    }

    /// <summary>Returns the index of the operation with an id, or −1.</summary>
    public int IndexOf(Guid id)
    {
        var (high, low) = OperationKeys.Split(id);
        return Ids.IndexOf(high, low);
    }

    /// <summary>Copies all ids as two big-endian numbers each (<see cref="OperationKeys.Split"/>).</summary>
    /// <param name="target">The target, at least <see cref="Count"/> long.</param>
    public void CopyIds(Span<(long High, long Low)> target)
    {
        var ids = Ids;
        for (int i = 0; i < Count; i++)
        {
            target[i] = ids[i];
        }
    }

    /// <summary>Returns the error type of an operation without decoding metadata.</summary>
    public string? ErrorTypeAt(int index) => ErrorTexts.Types?.At(index);

    /// <summary>Returns the error message of an operation without decoding metadata.</summary>
    public string? ErrorMessageAt(int index) => ErrorTexts.Messages?.At(index);

    /// <summary>Whether the error type or message of any operation contains a text, ignoring case.</summary>
    public bool HasError(string text) => ErrorTexts.Types?.Contains(text) == true || ErrorTexts.Messages?.Contains(text) == true;

    /// <summary>Returns the numeric and boolean metadata members: the name of each column, and its operations with their values.</summary>
    public IEnumerable<(string Name, IEnumerable<(int Operation, double Value)> Values)> Numbers() => Details.Numbers();

    /// <summary>Verifies the checksum of every section.</summary>
    /// <exception cref="InvalidDataException">A section is corrupt.</exception>
    public void Verify()
    {
        foreach (var section in Enum.GetValues<BlockSection>())
        {
            Check(section);
        }
    }

    /// <summary>Returns an operation.</summary>
    /// <param name="index">The index of the operation.</param>
    /// <param name="nameOf">Returns the name for an id.</param>
    /// <param name="sourceOf">Returns the source for an id.</param>
    public Operation OperationAt(int index, Func<int, string> nameOf, Func<int, string> sourceOf) =>
        OperationAt(index, SeriesAndCounts.Series[SeriesIndex[index]], Durations[index], nameOf, sourceOf);

    /// <summary>Returns an operation, given its series and duration.</summary>
    /// <param name="index">The index of the operation.</param>
    /// <param name="series">The series of the operation.</param>
    /// <param name="duration">The duration of the operation, µs.</param>
    /// <param name="nameOf">Returns the name for an id.</param>
    /// <param name="sourceOf">Returns the source for an id.</param>
    public Operation OperationAt(int index, BlockSeries series, long duration, Func<int, string> nameOf, Func<int, string> sourceOf) =>
        Details.Complete(Outline(index, series, duration, nameOf, sourceOf), index, Ends[index] - duration);

    /// <summary>Returns an operation without its details: metadata, events and resource usage.</summary>
    /// <param name="index">The index of the operation.</param>
    /// <param name="nameOf">Returns the name for an id.</param>
    /// <param name="sourceOf">Returns the source for an id.</param>
    public Operation OutlineAt(int index, Func<int, string> nameOf, Func<int, string> sourceOf) =>
        Outline(index, SeriesAndCounts.Series[SeriesIndex[index]], Durations[index], nameOf, sourceOf);

    private Operation Outline(int index, BlockSeries series, long duration, Func<int, string> nameOf, Func<int, string> sourceOf)
    {
        long end = Ends[index];
        return new()
        {
            Id = IdAt(index),
            MetricType = series.MetricType,
            Name = nameOf(series.NameId),
            Source = sourceOf(series.SourceId),
            Status = series.Status,
            StartTime = BlockTimes.ToTime(end - duration),
            EndTime = BlockTimes.ToTime(end),
            ErrorType = ErrorTypeAt(index),
            ErrorMessage = ErrorMessageAt(index),
        };
    }

    /// <summary>Returns the stored length of a section in bytes, for diagnostics.</summary>
    public int LengthOf(BlockSection section) => _header[section].Length;

    private ReadOnlyMemory<byte> Section(BlockSection section)
    {
        var bytes = Check(section);
        var entry = _header[section];
        if (!entry.IsCompressed)
        {
            return bytes;
        }

        var raw = _memory?.Bytes(entry.RawLength) ?? GC.AllocateUninitializedArray<byte>(entry.RawLength);
        Brotli.Decompress(bytes.Span, raw.Span);
        return raw;
    }

    private ReadOnlyMemory<byte> Check(BlockSection section)
    {
        ObjectDisposedException.ThrowIf(_isClosed, this);
        var entry = _header[section];
        var bytes = _bytes.Slice(entry.Start, entry.Length);
        return Crc32C.Of(bytes.Span) == entry.Checksum ? bytes : throw BlockReader.Damaged($"checksum mismatch in section {section}");
    }

    private Table ReadSeries()
    {
        var (series, counts) = SeriesTable.Read(Section(BlockSection.Series).Span, Count);
        return new(series, counts);
    }

    private Column ReadColumn(BlockSection section)
    {
        var values = _memory?.Numbers(Count) ?? GC.AllocateUninitializedArray<long>(Count);
        var reader = new BlockReader(Section(section).Span);
        IntegerColumn.Read(ref reader, values.Span);
        return reader.Left == 0 ? new(values) : throw BlockReader.Damaged($"trailing data in section {section}");
    }

    private Column ReadEnds()
    {
        var column = ReadColumn(BlockSection.Ends);
        var ends = column.Values.Span;
        for (int i = 1; i < ends.Length; i++)
        {
            if (ends[i] < ends[i - 1])
            {
                throw BlockReader.Damaged("operations are not ordered by end time");
            }
        }

        return column;
    }

    private Column ReadDurations()
    {
        var column = ReadColumn(BlockSection.Durations);
        return column.Values.Span.ContainsAnyExceptInRange(0, long.MaxValue) ? throw BlockReader.Damaged("a duration is negative") : column;
    }

    private ushort[] ReadSeriesIndex()
    {
        var values = ReadColumn(BlockSection.SeriesIndex).Values.Span;
        int series = SeriesAndCounts.Series.Length;
        ushort[] index = new ushort[values.Length];
        for (int i = 0; i < index.Length; i++)
        {
            index[i] = (ulong)values[i] < (ulong)series ? (ushort)values[i] : throw BlockReader.Damaged("an operation has no series");
        }

        return index;
    }

    private BlockIds ReadIds()
    {
        var section = Section(BlockSection.Ids);
        bool isRaw = IdColumns.IsRaw(section.Span);
        return IdColumns.Read(section, Count, isRaw ? [] : Ends, isRaw ? [] : Durations);
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

    private sealed record Table(BlockSeries[] Series, int[] Counts);

    private sealed record Column(ReadOnlyMemory<long> Values);

    private sealed record Errors(TextColumn? Types, TextColumn? Messages);
}
