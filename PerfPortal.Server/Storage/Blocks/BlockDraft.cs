using PerfPortal.Domain.Operations;

namespace PerfPortal.Server.Storage.Blocks;

/// <summary>A block under construction. Reused for other blocks, so that a commit allocates little besides its data.</summary>
internal sealed class BlockDraft
{
    private readonly IdLists _ids = new();
    private readonly LongList _seriesIndex = new();
    private readonly SeriesTable _series = new();
    private readonly DetailsWriter _details = new();
    private readonly TextIndex _errorTypes = new();
    private readonly TextIndex _errorMessages = new();
    private readonly LongList _errorTypeOfEach = new();
    private readonly LongList _errorMessageOfEach = new();
    private readonly BlockBuffer _raw = new();
    private readonly BlockBuffer _sections = new();
    private readonly BlockHeader.Entry[] _entries = new BlockHeader.Entry[BlockHeader.Sections];

    /// <summary>The extents of the series.</summary>
    public SeriesExtent[] Extents => _series.Extents;

    /// <summary>Splits operations into columns.</summary>
    /// <exception cref="ArgumentException">An operation has not ended, or the operations are out of order.</exception>
    public void Gather(IReadOnlyList<Operation> operations, Func<Operation, BlockSeries> series)
    {
        for (int i = 0; i < operations.Count; i++)
        {
            var operation = operations[i];
            long start = operation.StartTime.ToMicroseconds();
            long end = operation.EndTime?.ToMicroseconds() ?? throw new ArgumentException($"Operation {operation.Id} has not ended.", nameof(operations));
            if (end < start)
            {
                throw new ArgumentException($"Operation {operation.Id} ended before it started.", nameof(operations));
            }

            if (i > 0 && (end < _ids.Ends.Items[i - 1] || end == _ids.Ends.Items[i - 1] && operation.Id.CompareTo(operations[i - 1].Id) <= 0))
            {
                throw new ArgumentException($"Operation {operation.Id} is not ordered by end and id.", nameof(operations));
            }

            var (high, low) = OperationKeys.Split(operation.Id);
            _ids.Ends.Add(end);
            _ids.Durations.Add(end - start);
            _ids.High.Add(high);
            _ids.Low.Add(low);
            _seriesIndex.Add(_series.Add(series(operation), end - start));
            _errorTypeOfEach.Add(operation.ErrorType is { } type ? _errorTypes.NumberOf(type) + 1 : 0);
            _errorMessageOfEach.Add(operation.ErrorMessage is { } message ? _errorMessages.NumberOf(message) + 1 : 0);
            _details.Add(operation, start);
        }
    }

    /// <summary>Encodes the gathered operations.</summary>
    public byte[] Write(BlockCompression compression)
    {
        bool isCompressed = compression != BlockCompression.None;
        _series.Write(_raw);
        EndSection(BlockSection.Series, BlockCompression.None);
        IntegerColumn.Write(_raw, _ids.Ends.Items, isCompressed);
        EndSection(BlockSection.Ends, compression);
        IntegerColumn.Write(_raw, _ids.Durations.Items, isCompressed);
        EndSection(BlockSection.Durations, compression);
        IntegerColumn.Write(_raw, _seriesIndex.Items, isCompressed);
        EndSection(BlockSection.SeriesIndex, compression);
        EndSection(BlockSection.Ids, IdColumns.Write(_raw, _ids, compression) ? compression : BlockCompression.None);
        if (_errorTypes.Texts.Count + _errorMessages.Texts.Count > 0)
        {
            TextColumn.Write(_raw, _errorTypes.Texts, _errorTypeOfEach.Items, isCompressed);
            TextColumn.Write(_raw, _errorMessages.Texts, _errorMessageOfEach.Items, isCompressed);
        }

        EndSection(BlockSection.Errors, compression);
        _details.Write(_raw, isCompressed);
        EndSection(BlockSection.Details, compression);

        byte[] block = new byte[BlockHeader.Length + _sections.Length];
        BlockHeader.Write(block, _ids.Ends.Count, _entries);
        _sections.Written.CopyTo(block.AsSpan(BlockHeader.Length));
        return block;
    }

    /// <summary>Removes all operations.</summary>
    public void Clear()
    {
        _ids.Clear();
        _seriesIndex.Clear();
        _series.Clear();
        _details.Clear();
        _errorTypes.Clear();
        _errorMessages.Clear();
        _errorTypeOfEach.Clear();
        _errorMessageOfEach.Clear();
        _raw.Clear();
        _sections.Clear();
    }

    private void EndSection(BlockSection section, BlockCompression compression)
    {
        int start = _sections.Length;
        bool isCompressed = Brotli.TryCompress(_raw.Written, _sections, compression);
        if (!isCompressed)
        {
            _sections.Bytes(_raw.Written);
        }

        _entries[(int)section] = new(isCompressed, start, _sections.Length - start, _raw.Length, Crc32C.Of(_sections.Written[start..]));
        _raw.CutTo(0);
    }
}
