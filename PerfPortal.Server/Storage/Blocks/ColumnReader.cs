using PerfPortal.Domain.Operations;

namespace PerfPortal.Server.Storage.Blocks;

/// <summary>One column of the details, decoded when it is asked for; numbers one by one as long as only a few are.</summary>
internal sealed class ColumnReader(DetailStep step, ReadOnlyMemory<byte> bytes, int[] rows)
{
    // Far more than operations can have; a block that promises more is not read.
    private const int MostEvents = 1 << 24;

    // So many single values cost less than the whole column.
    private const int FewValues = 16;
    private readonly Lock _lock = new();
    private int _asked;
    private long[]? _values;
    private TextColumn? _texts;
    private EventColumns? _events;

    /// <summary>What it holds.</summary>
    public DetailStep Step => step;

    /// <summary>The number of an operation, or its bits.</summary>
    public long ValueAt(int operation)
    {
        int row = RowOf(operation);
        return _values is null && _asked++ < FewValues && TryReadAt(row, out long value) ? value : (_values ?? Decode(static column => column._values!))[row];
    }

    /// <summary>Each operation that has a row, with its value as a number (<see cref="MetadataValue.Numeric"/>).</summary>
    public IEnumerable<(int Operation, double Value)> Numbers()
    {
        long[] values = _values ?? Decode(static column => column._values!);
        for (int row = 0; row < values.Length; row++)
        {
            yield return (rows[row], MetadataValue.FromBits(step.Kind, values[row]).Numeric!.Value);
        }
    }

    /// <summary>The text of an operation.</summary>
    public string TextAt(int operation)
    {
        int row = RowOf(operation);
        return (_texts ?? Decode(static column => column._texts!)).At(row)!;
    }

    /// <summary>The events of an operation.</summary>
    public OperationEvent[] EventsAt(int operation, long startUs)
    {
        int row = RowOf(operation);
        return (_events ?? Decode(static column => column._events!)).At(row, startUs);
    }

    private int RowOf(int operation)
    {
        if (operation < rows.Length && rows[operation] == operation)
        {
            return operation;
        }

        int row = Array.BinarySearch(rows, operation);
        return row >= 0 ? row : throw BlockReader.Damaged("an operation has no row in a column");
    }

    private bool TryReadAt(int row, out long value)
    {
        var reader = new BlockReader(bytes.Span);
        return step.Column == ColumnKind.Numbers
            ? NumberColumn.TryReadAt(ref reader, rows.Length, row, out value)
            : IntegerColumn.TryReadAt(ref reader, rows.Length, row, out value);
    }

    private T Decode<T>(Func<ColumnReader, T> result)
    {
        lock (_lock)
        {
            switch (step.Column)
            {
                case ColumnKind.Texts:
                    _texts ??= TextColumn.Read(bytes, rows.Length, isNullable: false, out _);
                    break;
                case ColumnKind.Events:
                    _events ??= EventColumns.Read(bytes, rows.Length, MostEvents);
                    break;
                default:
                    _values ??= Values();
                    break;
            }

            return result(this);
        }
    }

    private long[] Values()
    {
        long[] values = new long[rows.Length];
        var reader = new BlockReader(bytes.Span);
        if (step.Column == ColumnKind.Numbers)
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
