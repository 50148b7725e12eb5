using PerfPortal.Domain.Operations;

namespace PerfPortal.Server.Storage.Blocks;

/// <summary>One column of the details, decoded when it is asked for.</summary>
/// <param name="step">What it holds.</param>
/// <param name="bytes">The column.</param>
/// <param name="count">How many rows it has.</param>
/// <param name="rows">The operation of each row, or <see langword="null"/> when every operation has one.</param>
internal sealed class ColumnReader(DetailStep step, ReadOnlyMemory<byte> bytes, int count, int[]? rows)
{
    // Far more than operations can have; a block that promises more is not read.
    private const int MaxEvents = 1 << 24;
    private readonly Lock _lock = new();
    private readonly LazyIntegers _values = new(bytes, count, step.Column == ColumnKind.Numbers);
    private TextColumn? _texts;
    private EventColumns? _events;

    /// <summary>What it holds.</summary>
    public DetailStep Step => step;

    /// <summary>The number of an operation, or its bits.</summary>
    public long ValueAt(int operation) => _values[RowOf(operation)];

    /// <summary>Each operation that has a row, with its value as a number (<see cref="MetadataValue.Numeric"/>).</summary>
    public IEnumerable<(int Operation, double Value)> Numbers()
    {
        long[] values = _values.Values;
        for (int row = 0; row < values.Length; row++)
        {
            yield return (rows?[row] ?? row, MetadataValue.FromBits(step.Kind, values[row]).Numeric!.Value);
        }
    }

    /// <summary>The text of an operation.</summary>
    public string TextAt(int operation)
    {
        int row = RowOf(operation);
        lock (_lock)
        {
            return (_texts ??= TextColumn.Read(bytes, count, isNullable: false, out _)).At(row)!;
        }
    }

    /// <summary>The events of an operation.</summary>
    public OperationEvent[] EventsAt(int operation, long startUs)
    {
        int row = RowOf(operation);
        lock (_lock)
        {
            return (_events ??= EventColumns.Read(bytes, count, MaxEvents)).At(row, startUs);
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
