using PerfPortal.Domain.Operations;

namespace PerfPortal.Server.Storage.Blocks;

/// <summary>Reads the details of a block's operations. Columns are decoded on first access.</summary>
internal sealed class DetailsReader
{
    private readonly int _count;
    private readonly int[][] _shapes = [];
    private readonly long[]? _shapeOfEach;
    private readonly ColumnReader[] _columns = [];

    /// <summary>Reads the directory of the section.</summary>
    /// <exception cref="InvalidDataException">The section is corrupt.</exception>
    public DetailsReader(ReadOnlyMemory<byte> section, int count)
    {
        _count = count;
        if (section.IsEmpty)
        {
            return;
        }

        var reader = new BlockReader(section.Span);
        var steps = new DetailStep[reader.Count(reader.Left)];
        if (steps.Length == 0)
        {
            throw BlockReader.Damaged("the details have no steps");
        }

        for (int i = 0; i < steps.Length; i++)
        {
            steps[i] = DetailStep.Read(ref reader);
        }

        _shapes = ReadShapes(ref reader, steps, count);
        _shapeOfEach = ReadShapeOfEach(ref reader, count);
        (int[] counts, int[]?[] rows) = Rows(steps.Length);
        int[] lengths = new int[steps.Length];
        for (int i = 0; i < lengths.Length; i++)
        {
            lengths[i] = reader.Count(reader.Left);
        }

        _columns = new ColumnReader[steps.Length];
        for (int i = 0; i < steps.Length; i++)
        {
            int start = reader.Position;
            reader.Take(lengths[i]);
            _columns[i] = new(steps[i], section.Slice(start, lengths[i]), counts[i], rows[i]);
        }

        if (reader.Left > 0)
        {
            throw BlockReader.Damaged("trailing data after the details");
        }
    }

    /// <summary>Returns the operation with its details applied.</summary>
    /// <exception cref="InvalidDataException">The details are corrupt.</exception>
    public Operation Complete(Operation operation, int index, long startUs)
    {
        if (_columns.Length == 0)
        {
            return operation;
        }

        int[] shape = _shapes[_shapeOfEach?[index] ?? 0];
        if (shape.Length == 0)
        {
            return operation;
        }

        var draft = new OperationDraft(shape.Length);
        foreach (int step in shape)
        {
            draft.Add(_columns[step], index, startUs);
        }

        return draft.Complete(operation);
    }

    /// <summary>Returns the numeric and boolean metadata members: the name of each column, and its operations with their values.</summary>
    /// <exception cref="InvalidDataException">The details are corrupt.</exception>
    public IEnumerable<(string Name, IEnumerable<(int Operation, double Value)> Values)> Numbers() => _columns
        .Where(column => column.Step is { Part: DetailPart.Member, Kind: MetadataKind.Boolean or MetadataKind.Whole or MetadataKind.Number or MetadataKind.Digits, Name.Length: > 0 })
        .Select(column => (column.Step.Name!, column.Numbers()));

    private static int[][] ReadShapes(ref BlockReader reader, DetailStep[] steps, int count)
    {
        int[][] shapes = new int[reader.Count(count)][];
        for (int i = 0; i < shapes.Length; i++)
        {
            int[] shape = new int[reader.Count(reader.Left)];
            for (int j = 0; j < shape.Length; j++)
            {
                shape[j] = reader.Count(steps.Length - 1);
            }

            shapes[i] = shape;
        }

        return shapes;
    }

    /// <summary>Returns <see langword="null"/> if all operations have the same shape.</summary>
    private long[]? ReadShapeOfEach(ref BlockReader reader, int count)
    {
        long[]? shapes = _shapes.Length == 1 ? null : GC.AllocateUninitializedArray<long>(count);
        if (shapes is null)
        {
            IntegerColumn.Skip(ref reader, count);
        }
        else
        {
            IntegerColumn.Read(ref reader, shapes);
        }

        return shapes;
    }

    // For each column, the number of operations that have it and, if not all do, which ones.
    private (int[] Counts, int[]?[] Rows) Rows(int columns)
    {
        long[] counts = new long[columns];
        long[] ofShape = new long[_shapes.Length];
        if (_shapeOfEach is null)
        {
            ofShape[0] = _count;
        }

        foreach (long shape in _shapeOfEach ?? [])
        {
            if ((ulong)shape >= (ulong)_shapes.Length)
            {
                throw BlockReader.Damaged("an operation has no shape");
            }

            ofShape[shape]++;
        }

        for (int i = 0; i < _shapes.Length; i++)
        {
            foreach (int step in _shapes[i])
            {
                counts[step] += ofShape[i];
            }
        }

        int[]?[] rows = new int[columns][];
        for (int i = 0; i < columns; i++)
        {
            if (counts[i] > _count)
            {
                throw BlockReader.Damaged("a shape contains a step twice");
            }

            rows[i] = counts[i] == _count ? null : new int[counts[i]];
        }

        int[] all = [.. counts.Select(count => (int)count)];
        Array.Clear(counts);
        for (int i = 0; i < (_shapeOfEach is null ? 0 : _count); i++)
        {
            foreach (int step in _shapes[_shapeOfEach![i]])
            {
                if (rows[step] is { } some)
                {
                    some[counts[step]++] = i;
                }
            }
        }

        return (all, rows);
    }
}
