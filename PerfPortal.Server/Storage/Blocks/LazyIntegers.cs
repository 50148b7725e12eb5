namespace PerfPortal.Server.Storage.Blocks;

/// <summary>A column of whole numbers or doubles' bits that is decoded when it is asked for: one by one as long as only a few are, where its form allows that.</summary>
internal sealed class LazyIntegers(ReadOnlyMemory<byte> bytes, int count, bool isOfDoubles = false)
{
    // So many single values cost less than the whole column.
    private const int FewValues = 16;

    private int _asked;
    private long[]? _values;

    /// <summary>All of them.</summary>
    /// <exception cref="InvalidDataException">They are damaged.</exception>
    public long[] Values => _values ??= Read();

    /// <summary>One of them.</summary>
    /// <exception cref="InvalidDataException">They are damaged.</exception>
    public long this[int index]
    {
        get
        {
            if (_values is null && _asked++ < FewValues)
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
