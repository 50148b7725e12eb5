using PerfPortal.Domain.Operations;

namespace PerfPortal.Server.Storage.Blocks;

/// <summary>One column of the details, decoded on first access.</summary>
/// <param name="step">The step that the column belongs to.</param>
/// <param name="bytes">The encoded column.</param>
/// <param name="count">The number of rows.</param>
/// <param name="rows">The operation of each row, or <see langword="null"/> if every operation has one.</param>
internal sealed class ColumnReader(DetailStep step, ReadOnlyMemory<byte> bytes, int count, int[]? rows)
{
    // Far more than operations can have; a block with a larger count is rejected as corrupt.
    private const int MaxEvents = 1 << 24;
    private readonly Lock _lock = new();
    private readonly LazyIntegers _values = new(bytes, count, step.Column == ColumnKind.Numbers);
    private TextColumn? _texts;
    private EventColumns? _events;

    /// <summary>The step that the column belongs to.</summary>
    public DetailStep Step => step;

    /// <summary>Returns the integer, or the bits of the double, of an operation.</summary>
    public long ValueAt(int operation) => _values[RowOf(operation)];

    /// <summary>Returns each operation that has a row with its numeric value (<see cref="MetadataValue.Numeric"/>).</summary>
    public IEnumerable<(int Operation, double Value)> Numbers() => step.Kind == MetadataKind.Digits
        ? Enumerable.Range(0, count).Select(row => rows?[row] ?? row).Select(operation => (operation, MetadataValue.FromDigits(TextAt(operation)).Numeric!.Value))
        : NumbersOfColumn();

    /// <summary>Returns the string of an operation.</summary>
    public string TextAt(int operation)
    {
        int row = RowOf(operation);
        lock (_lock)
        {
            return (_texts ??= TextColumn.Read(bytes, count, isNullable: false, out _)).At(row)!;
        }
    }

    /// <summary>Returns the events of an operation.</summary>
    public OperationEvent[] EventsAt(int operation, long startUs)
    {
        int row = RowOf(operation);
        lock (_lock)
        {
            return (_events ??= EventColumns.Read(bytes, count, MaxEvents)).At(row, startUs);
        }
    }

    private IEnumerable<(int Operation, double Value)> NumbersOfColumn()
    {
        long[] values = _values.Values;
        for (int row = 0; row < values.Length; row++)
        {
            yield return (rows?[row] ?? row, MetadataValue.FromBits(step.Kind, values[row]).Numeric!.Value);
        }
    }

    private int RowOf(int operation)
    {
        if (rows is null || (operation < rows.Length && rows[operation] == operation))
        {
            return operation;
        }

        int row = Array.BinarySearch(rows, operation);
        return row >= 0 ? row : throw BlockReader.Damaged("an operation has no row in a column");
    }
}
