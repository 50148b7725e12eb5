using PerfPortal.Domain.Operations;

namespace PerfPortal.Server.Storage.Blocks;

/// <summary>Collects metadata and other optional parts of operations and writes them column by column. Reused for other blocks.</summary>
internal sealed class DetailsWriter
{
    private readonly DetailShapes _shapes = new();
    private readonly LongList _shapeOfEach = new();
    private readonly BlockBuffer _bodies = new();

    /// <summary>Adds the details of the next operation.</summary>
    public void Add(Operation operation, long startUs)
    {
        var node = AddMembers(_shapes.Root, operation.Metadata);
        if (operation.Progress is { } progress)
        {
            node = AddNumber(node, DetailPart.ProgressDone, progress.Done);
            node = progress.Total is { } total ? AddNumber(node, DetailPart.ProgressTotal, total) : node;
            node = AddText(node, DetailPart.ProgressUnit, progress.Unit);
        }

        if (operation.ResourceUsage is { } usage)
        {
            node = _shapes.Next(node, DetailPart.Usage);
            foreach (var (name, value) in usage)
            {
                node = AddNumber(node, DetailPart.UsageValue, value, name);
            }
        }

        node = AddText(node, DetailPart.TraceId, operation.TraceId);
        node = AddText(node, DetailPart.SpanId, operation.SpanId);
        node = AddText(node, DetailPart.ParentId, operation.ParentId);
        if (operation.LastHeartbeatAt is { } heartbeat)
        {
            node = _shapes.Next(node, DetailPart.Heartbeat);
            node.Column!.Add(heartbeat.ToMicroseconds() - startUs);
        }

        if (operation.Events.Count > 0)
        {
            node = _shapes.Next(node, DetailPart.Events);
            node.Column!.Add(operation.Events, startUs);
        }

        _shapeOfEach.Add(_shapes.ShapeAt(node));
    }

    /// <summary>Writes the section. It is empty if no operation has details.</summary>
    public void Write(BlockBuffer target, bool isCompressed)
    {
        if (_shapes.Columns.Count == 0)
        {
            return;
        }

        target.Varint((ulong)_shapes.Columns.Count);
        foreach (var column in _shapes.Columns)
        {
            column.Step.Write(target);
        }

        _shapes.Write(target);
        IntegerColumn.Write(target, _shapeOfEach.Items, isCompressed);
        foreach (var column in _shapes.Columns)
        {
            int before = _bodies.Length;
            column.Write(_bodies, isCompressed);
            target.Varint((ulong)(_bodies.Length - before));
        }

        target.Bytes(_bodies.Written);
    }

    /// <summary>Removes all operations.</summary>
    public void Clear()
    {
        _shapes.Clear();
        _shapeOfEach.Clear();
        _bodies.Clear();
    }

    private DetailShapes.Node AddMembers(DetailShapes.Node node, Metadata metadata)
    {
        var members = metadata.Members;
        for (int i = 0; i < members.Length; i++)
        {
            var value = members[i].Value;
            node = _shapes.Next(node, DetailPart.Member, value.Kind, members[i].Key);
            if (value.Kind >= MetadataKind.Text)
            {
                node.Column!.Add(value.Text!);
            }
            else if (value.Kind != MetadataKind.Null)
            {
                node.Column!.Add(value.Bits);
            }
        }

        return node;
    }

    private DetailShapes.Node AddNumber(DetailShapes.Node node, DetailPart part, double value, string? name = null)
    {
        node = _shapes.Next(node, part, MetadataKind.Null, name);
        node.Column!.Add(BitConverter.DoubleToInt64Bits(value));
        return node;
    }

    private DetailShapes.Node AddText(DetailShapes.Node node, DetailPart part, string? text)
    {
        if (text is null)
        {
            return node;
        }

        node = _shapes.Next(node, part);
        node.Column!.Add(text);
        return node;
    }
}
