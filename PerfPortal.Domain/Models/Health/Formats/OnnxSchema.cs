using System.Collections.Frozen;

namespace PerfPortal.Domain.Models.Health.Formats;

/// <summary>The messages of ONNX by name, and their fields by number (https://github.com/onnx/onnx, <c>onnx/onnx.proto</c>).</summary>
internal static class OnnxSchema
{
    private static readonly FieldKind Number = new(WireType.Number);
    private static readonly FieldKind Numbers = new(WireType.Number, IsPackable: true);
    private static readonly FieldKind Bytes = new(WireType.Bytes);
    private static readonly FieldKind Text = new(WireType.Bytes, IsText: true);
    private static readonly FieldKind Float = new(WireType.Fixed32);
    private static readonly FieldKind Floats = new(WireType.Fixed32, IsPackable: true);
    private static readonly FieldKind Doubles = new(WireType.Fixed64, IsPackable: true);

    private static readonly FrozenDictionary<string, FrozenDictionary<uint, FieldKind>> Messages = new Dictionary<string, FrozenDictionary<uint, FieldKind>>
    {
        ["Model"] = Of((1, Number), (8, In("OperatorSet")), (2, Text), (3, Text), (4, Text), (5, Number), (6, Text), (7, In("Graph")), (14, In("Entry")), (20, In("Training")), (25, In("Function")), (26, In("Any"))),
        ["OperatorSet"] = Of((1, Text), (2, Number)),
        ["Entry"] = Of((1, Text), (2, Text)),
        ["Training"] = Of((1, In("Graph")), (2, In("Graph")), (3, In("Entry")), (4, In("Entry"))),
        ["Graph"] = Of(
            (1, In("Node")), (2, Text), (5, In("Tensor")), (15, In("SparseTensor")), (10, Text), (11, In("Value")), (12, In("Value")), (13, In("Value")), (14, In("Annotation")), (16, In("Entry"))),
        ["Node"] = Of((1, Text), (2, Text), (3, Text), (4, Text), (7, Text), (8, Text), (5, In("Attribute")), (6, Text), (9, In("Entry")), (10, In("Any"))),
        ["Attribute"] = Of(
            (1, Text), (21, Text), (13, Text), (20, Number), (2, Float), (3, Number), (4, Bytes), (5, In("Tensor")), (6, In("Graph")), (22, In("SparseTensor")), (14, In("Type")), (7, Floats), (8, Numbers),
            (9, Bytes), (10, In("Tensor")), (11, In("Graph")), (23, In("SparseTensor")), (15, In("Type"))),
        ["Value"] = Of((1, Text), (2, In("Type")), (3, Text), (4, In("Entry"))),
        ["Function"] = Of(
            (1, Text), (4, Text), (5, Text), (6, Text), (11, In("Attribute")), (7, In("Node")), (8, Text), (9, In("OperatorSet")), (10, Text), (13, Text), (12, In("Value")), (14, In("Entry"))),
        ["Tensor"] = Of(
            (1, Numbers), (2, Number), (3, In("Segment")), (4, Floats), (5, Numbers), (6, Bytes), (7, Numbers), (8, Text), (12, Text), (9, Bytes), (13, In("Entry")), (14, Number), (10, Doubles), (11, Numbers),
            (16, In("Entry"))),
        ["Segment"] = Of((1, Number), (2, Number)),
        ["SparseTensor"] = Of((1, In("Tensor")), (2, In("Tensor")), (3, Numbers)),
        ["Annotation"] = Of((1, Text), (2, In("Entry"))),
        ["Type"] = Of((1, In("TensorType")), (4, In("ElementType")), (5, In("MapType")), (9, In("ElementType")), (8, In("TensorType")), (7, In("Any")), (6, Text)),
        ["TensorType"] = Of((1, Number), (2, In("Shape"))),
        ["ElementType"] = Of((1, In("Type"))),
        ["MapType"] = Of((1, Number), (2, In("Type"))),
        ["Shape"] = Of((1, In("Dimension"))),
        ["Dimension"] = Of((1, Number), (2, Text), (3, Text)),
    }.ToFrozenDictionary();

    /// <summary>The fields of a message; <see langword="null"/> for one whose fields are not examined.</summary>
    public static FrozenDictionary<uint, FieldKind>? FieldsOf(string message) => Messages.GetValueOrDefault(message);

    /// <summary>The bits of an element of a tensor by the number of its type; 0 for texts and unknown types.</summary>
    public static int BitsOf(long type) => type switch
    {
        2 or 3 or 9 or 17 or 18 or 19 or 20 or 24 => 8,
        4 or 5 or 10 or 16 => 16,
        1 or 6 or 12 => 32,
        7 or 11 or 13 or 14 => 64,
        15 => 128,
        21 or 22 or 23 => 4,
        _ => 0,
    };

    /// <summary>What the names in a field of a graph, node or function are there for; <see langword="null"/> for other fields.</summary>
    public static OnnxName? NameOf(string message, uint number) => (message, number) switch
    {
        ("Graph", 5 or 11 or 15) or ("Node", 2) or ("Function", 4) => OnnxName.Defined,
        ("Graph", 12) or ("Node", 1) or ("Function", 5) => OnnxName.Used,
        _ => null,
    };

    /// <summary>The largest type number that is known.</summary>
    public const long LastType = 26;

    private static FieldKind In(string message) => new(WireType.Bytes, message);

    private static FrozenDictionary<uint, FieldKind> Of(params (uint Number, FieldKind Kind)[] fields)
    {
        var all = new Dictionary<uint, FieldKind>();
        foreach (var (number, kind) in fields)
        {
            all.Add(number, kind);
        }

        return all.ToFrozenDictionary();
    }
}
