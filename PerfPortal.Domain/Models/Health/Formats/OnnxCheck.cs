using System.Globalization;
using System.Text;
using System.Text.Unicode;
using PerfPortal.Domain.Models.Health.Results;
using PerfPortal.Domain.Text;

namespace PerfPortal.Domain.Models.Health.Formats;

/// <summary>
/// Walks over an ONNX file, a protobuf message, without building it: every field lies inside its message and is encoded as its type says, texts are UTF-8, there are a version, operator sets
/// and a graph, and tensors have the bytes that their type and dimensions need. Large contents are skipped.
/// </summary>
internal sealed class OnnxCheck
{
    private const int MaxDepth = 64;
    private const int MaxExternals = 100_000;

    private readonly ByteCursor _cursor;
    private readonly ProtobufFields _fields;
    private readonly StructureReport _report;
    private readonly OnnxNames _names;
    private OnnxName _nameKind;
    private OnnxAttribute? _attribute;
    private bool _hasVersion;
    private bool _hasGraph;
    private bool _hasOperators;

    private OnnxCheck(ByteCursor cursor, ByteSource source, StructureReport report) =>
        (_cursor, _fields, _report, _names) = (cursor, new(cursor), report, new(report, source));

    public static void Run(ByteSource source, StructureReport report)
    {
        report.Format = "ONNX";
        using var cursor = new ByteCursor(source, 0, source.Length);
        new OnnxCheck(cursor, source, report).Run();
    }

    private void Run()
    {
        Walk("Model", _cursor.End, 0, null);
        Require(_hasVersion, "a version (ir_version)");
        Require(_hasGraph, "a graph");
        Require(_hasOperators, "operator sets (opset_import)");
    }

    private void Require(bool isThere, string what)
    {
        if (!isThere)
        {
            _report.Add(HealthReasonKinds.Truncated, _cursor.End, null, $"The model has not {what}: the file was cut off or is damaged.");
        }
    }

    private void Walk(string message, long end, int depth, OnnxTensor? tensor)
    {
        if (depth > MaxDepth)
        {
            throw Refuse(_cursor.Position, $"Messages are nested more than {Format.Count(MaxDepth)} deep.");
        }

        if (OnnxSchema.FieldsOf(message) is not { } fields)
        {
            _cursor.Skip((ulong)(end - _cursor.Position), message);
            return;
        }

        while (_cursor.Position < end)
        {
            long at = _cursor.Position;
            ulong tag = _fields.ReadVarint(end);
            uint number = tag >> 3 is > 0 and <= 0x1fffffff and var valid ? (uint)valid : throw Refuse(at, $"The field number {tag >> 3} at byte {Format.Count(at)} does not exist.");
            var wire = (WireType)(tag & 7);
            if (!fields.TryGetValue(number, out var kind))
            {
                SkipUnknown(message, number, wire, at, end);
            }
            else if (wire != kind.Wire && !(kind.IsPackable && wire == WireType.Bytes))
            {
                throw Refuse(at, $"The field {number} of {message} at byte {Format.Count(at)} has the encoding {(int)wire}; it must have {(int)kind.Wire}.");
            }
            else
            {
                ReadField(message, number, kind, wire, at, end, depth, tensor);
            }
        }
    }

    private void ReadField(string message, uint number, FieldKind kind, WireType wire, long at, long end, int depth, OnnxTensor? tensor)
    {
        if (message == "Attribute")
        {
            _attribute?.Add(number, at);
        }

        switch (wire)
        {
            case WireType.Number:
                OnNumber(message, number, _fields.ReadVarint(end), at, tensor);
                break;
            case WireType.Fixed32:
                _fields.Skip(4, at, end);
                break;
            case WireType.Fixed64:
                _fields.Skip(8, at, end);
                break;
            default:
                ReadBytes(message, number, kind, at, end, depth, tensor);
                break;
        }
    }

    private void ReadBytes(string message, uint number, FieldKind kind, long at, long end, int depth, OnnxTensor? tensor)
    {
        ulong length = _fields.ReadVarint(end);
        if (length > (ulong)(end - _cursor.Position))
        {
            throw new MalformedException(
                end == _cursor.End ? HealthReasonKinds.Truncated : HealthReasonKinds.Header, at, null,
                string.Create(CultureInfo.InvariantCulture, $"The field {number} of {message} at byte {at:N0} has {length:N0} bytes, and its message ends after {end - _cursor.Position:N0}."));
        }

        long start = _cursor.Position;
        long fieldEnd = start + (long)length;
        if (kind.Message is { } inner)
        {
            Enter(message, number, inner, fieldEnd, depth, tensor);
        }
        else if (kind.IsText)
        {
            OnText(message, number, (long)length, tensor);
        }
        else if (message == "Tensor" && number == 1)
        {
            ReadPacked(message, number, fieldEnd, tensor);
        }
        else
        {
            CheckPacked(kind, start, (long)length);
            _cursor.Skip(length, "content");
            if (message == "Tensor" && number == 9)
            {
                tensor?.SetRaw(start, (long)length);
            }
        }
    }

    private void Enter(string message, uint number, string inner, long end, int depth, OnnxTensor? tensor)
    {
        _hasGraph |= message == "Model" && number == 7;
        _hasOperators |= message == "Model" && number == 8;
        var (outer, outerAttribute) = (_nameKind, _attribute);
        _attribute = inner == "Attribute" ? new() : null;
        _nameKind = OnnxSchema.NameOf(message, number) ?? (message == "SparseTensor" && number == 1 ? outer : OnnxName.None);
        bool isScope = inner is "Graph" or "Function";
        if (isScope)
        {
            _names.Begin();
        }

        if (inner == "Tensor")
        {
            ReadTensor(end, depth);
        }
        else
        {
            Walk(inner, end, depth + 1, message == "Tensor" && number == 13 ? tensor : null);
        }

        _attribute?.End(_report);
        if (isScope)
        {
            // The graphs of a training refer to names of the model's.
            _names.End(isExamined: message == "Model");
        }

        (_nameKind, _attribute) = (outer, outerAttribute);
    }

    private void ReadTensor(long end, int depth)
    {
        var own = new OnnxTensor(_cursor.Position);
        Walk("Tensor", end, depth + 1, own);
        if (_report.Externals.Count < MaxExternals)
        {
            own.End(_report);
        }
    }

    private void OnNumber(string message, uint number, ulong value, long at, OnnxTensor? tensor)
    {
        switch (message, number)
        {
            case ("Model", 1):
                _hasVersion = value is > 0 and < 1_000 ? true : throw Refuse(at, $"The version (ir_version) is {value}.");
                break;
            case ("Tensor", 1):
                tensor?.AddDimension(value);
                break;
            case ("Tensor", 2):
                tensor?.SetType(value, at);
                break;
            case ("Attribute", 20):
                _attribute?.SetType(value);
                break;
            case ("Tensor", 14):
                tensor?.SetLocationKind(value);
                break;
            default:
                break;
        }
    }

    private void OnText(string message, uint number, long length, OnnxTensor? tensor)
    {
        long at = _cursor.Position;
        var kind = OnnxSchema.NameOf(message, number) ?? (IsName(message, number) ? _nameKind : OnnxName.None);
        if (length > ByteCursor.MaxSpan)
        {
            if (kind != OnnxName.None)
            {
                _names.TurnOff();
            }

            _cursor.Skip((ulong)length, "text");
            return;
        }

        var text = _cursor.Take((int)length, "text");
        if (!Utf8.IsValid(text))
        {
            throw Refuse(at, $"The text at byte {Format.Count(at)} is not valid UTF-8.");
        }

        _names.Add(text, kind, at);
        if (message == "Entry" && tensor is not null)
        {
            string value = Encoding.UTF8.GetString(text[..Math.Min(text.Length, 2_048)]);
            if (number == 1)
            {
                tensor.EntryKey = value;
            }
            else
            {
                tensor.SetEntry(value, at);
            }
        }
    }

    private static bool IsName(string message, uint number) => (message, number) is ("Value", 1) or ("Tensor", 8);

    private void ReadPacked(string message, uint number, long end, OnnxTensor? tensor)
    {
        while (_cursor.Position < end)
        {
            long at = _cursor.Position;
            OnNumber(message, number, _fields.ReadVarint(end), at, tensor);
        }
    }

    private static void CheckPacked(FieldKind kind, long at, long length)
    {
        int size = kind.Wire switch { WireType.Fixed32 => 4, WireType.Fixed64 => 8, _ => 1 };
        if (length % size != 0)
        {
            throw Refuse(at, $"The packed numbers at byte {Format.Count(at)} have {Format.Count(length)} bytes, which is no multiple of {Format.Count(size)}.");
        }
    }

    private void SkipUnknown(string message, uint number, WireType wire, long at, long end)
    {
        switch (wire)
        {
            case WireType.Number:
                _fields.ReadVarint(end);
                break;
            case WireType.Fixed64:
                _fields.Skip(8, at, end);
                break;
            case WireType.Fixed32:
                _fields.Skip(4, at, end);
                break;
            case WireType.Bytes:
                ulong length = _fields.ReadVarint(end);
                _fields.Skip(length, at, end);
                break;
            default:
                throw Refuse(at, $"The field {number} of {message} at byte {Format.Count(at)} has the unknown encoding {(int)wire}.");
        }

        _report.Add(
            HealthReasonKinds.UnknownFeature, at, _cursor.Position - at,
            $"The field {number} of {message} at byte {Format.Count(at)} is not known here: the file is newer than this check, or damaged.", HealthSeverity.Warning);
    }

    private static MalformedException Refuse(long at, string sentence) => new(HealthReasonKinds.Header, at, null, sentence);
}
