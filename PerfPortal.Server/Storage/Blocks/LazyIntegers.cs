namespace PerfPortal.Server.Storage.Blocks;

/// <summary>A lazily decoded column of integers or bits of doubles. The first few values are decoded individually if the form of the column allows it.</summary>
internal sealed class LazyIntegers(ReadOnlyMemory<byte> bytes, int count, bool isOfDoubles = false)
{
    // The number of individual reads that cost less than decoding the whole column.
    private const int FewValues = 16;

    private int _requestedView;
    private long[]? _values;

    /// <summary>All values.</summary>
    /// <exception cref="InvalidDataException">The column is corrupt.</exception>
    public long[] Values => _values ??= Read();

    /// <summary>The value at an index.</summary>
    /// <exception cref="InvalidDataException">The column is corrupt.</exception>
    public long this[int index]
    {
        get
        {
            if (_values is null && _requestedView++ < FewValues)
            {
                var reader = new BlockReader(bytes.Span);
                if (isOfDoubles ? NumberColumn.TryReadAt(ref reader, count, index, out long value) : IntegerColumn.TryReadAt(ref reader, count, index, out value))
                {
                    return value;
                }
            }

            return Values[index];
        }
    }

    private long[] Read()
    {
        long[] values = GC.AllocateUninitializedArray<long>(count);
        var reader = new BlockReader(bytes.Span);
        if (isOfDoubles)
        {
            NumberColumn.Read(ref reader, values);
        }
        else
        {
            IntegerColumn.Read(ref reader, values);
        }

        return values;
    }
}
