using PerfPortal.Domain.Operations;

namespace PerfPortal.Server.Storage.Blocks;

/// <summary>
/// Collects the shapes of a block's operations as a tree of steps: following the parts of an operation down
/// the tree visits the column of each part and ends at the shape. Most operations resemble the previous one, so the most recent
/// step is tried first.
/// </summary>
internal sealed class DetailShapes
{
    private const int FewSteps = 4;
    private readonly Dictionary<DetailStep, DetailColumn> _columns = [];
    private readonly Stack<DetailColumn> _spare = new();
    private readonly List<DetailColumn> _ordered = [];
    private readonly List<Node> _shapes = [];
    private Node _root = new(null, null);

    /// <summary>The columns in order of first use.</summary>
    public List<DetailColumn> Columns => _ordered;

    /// <summary>The root node, where every operation starts.</summary>
    public Node Root => _root;

    /// <summary>Returns the child node for a step, adding it if needed.</summary>
    public Node Next(Node node, DetailPart part, MetadataKind kind = MetadataKind.Null, string? name = null)
    {
        var last = node.Last;
        if (last is not null && Is(last, part, kind, name))
        {
            return last;
        }

        foreach (var child in node.Few)
        {
            if (Is(child, part, kind, name))
            {
                return node.Last = child;
            }
        }

        return node.Last = Find(node, new(part, kind, name));
    }

    /// <summary>Returns the number of the shape that ends at a node.</summary>
    public int ShapeAt(Node node)
    {
        if (node.Shape < 0)
        {
            node.Shape = _shapes.Count;
            _shapes.Add(node);
        }

        return node.Shape;
    }

    /// <summary>Writes the number of shapes, then for each its step count and steps.</summary>
    public void Write(BlockBuffer target)
    {
        target.Varint((ulong)_shapes.Count);
        var steps = new List<int>();
        foreach (var shape in _shapes)
        {
            steps.Clear();
            for (var node = shape; node.Column is { } column; node = node.Parent!)
            {
                steps.Add(column.Number);
            }

            target.Varint((ulong)steps.Count);
            for (int i = steps.Count - 1; i >= 0; i--)
            {
                target.Varint((ulong)steps[i]);
            }
        }
    }

    /// <summary>Removes all shapes; columns are kept for reuse.</summary>
    public void Clear()
    {
        const int maxSpare = 64;
        foreach (var column in _ordered.TakeWhile(_ => _spare.Count < maxSpare))
        {
            column.Clear();
            _spare.Push(column);
        }

        _columns.Clear();
        _ordered.Clear();
        _shapes.Clear();
        _root = new(null, null);
    }

    private static bool Is(Node node, DetailPart part, MetadataKind kind, string? name)
    {
        var step = node.Column!.Step;
        return step.Part == part && step.Kind == kind && (ReferenceEquals(step.Name, name) || step.Name == name);
    }

    private Node Find(Node node, DetailStep step)
    {
        if (node.Many?.TryGetValue(step, out var known) == true)
        {
            return known;
        }

        if (!_columns.TryGetValue(step, out var column))
        {
            column = _spare.TryPop(out var spare) ? spare : new();
            column.Step = step;
            column.Number = _ordered.Count;
            _columns.Add(step, column);
            _ordered.Add(column);
        }

        var added = new Node(node, column);
        if (node.Few.Count < FewSteps)
        {
            node.Few.Add(added);
        }
        else
        {
            (node.Many ??= []).Add(step, added);
        }

        return added;
    }

    internal sealed class Node(Node? parent, DetailColumn? column)
    {
        public Node? Parent { get; } = parent;

        public DetailColumn? Column { get; } = column;

        public Node? Last { get; set; }

        public List<Node> Few { get; } = [];

        public Dictionary<DetailStep, Node>? Many { get; set; }

        public int Shape { get; set; } = -1;
    }
}
