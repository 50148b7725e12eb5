using System.Globalization;
using System.Text.Json;
using PerfPortal.Domain.Models.Health.Results;
using PerfPortal.Domain.Text;

namespace PerfPortal.Domain.Models.Health.Formats;

/// <summary>The header of a safetensors file: <c>{ "NAME": { "dtype": "F16", "shape": [2, 3], "data_offsets": [0, 12] }, "__metadata__": { "KEY": "TEXT" } }</c>.</summary>
internal sealed class SafetensorsHeader(StructureReport report) : IJsonVisitor
{
    private const int MaxDimensions = 64;

    private readonly List<ulong> _numbers = [];
    private Member _member;
    private bool _isMetadata;
    private bool _metadataSeen;
    private bool _inArray;
    private string _name = "";
    private long _nameAt;
    private int _bits;
    private ulong? _elements;
    private (ulong Begin, ulong End)? _offsets;
    private bool _isDone;

    private enum Member
    {
        None,
        Type,
        Shape,
        Offsets,
    }

    /// <summary>Where the tensors are.</summary>
    public TensorSpans Spans { get; } = new();

    public void OnToken(ref Utf8JsonReader reader, long offset)
    {
        switch (reader.CurrentDepth)
        {
            case 0:
                OnOutermost(ref reader, offset);
                break;
            case 1:
                OnTensor(ref reader, offset);
                break;
            case 2 when _isMetadata:
                OnMetadata(ref reader, offset);
                break;
            case 2:
                OnMember(ref reader, offset);
                break;
            default:
                OnNumber(ref reader, offset);
                break;
        }
    }

    /// <summary>Called after the last token.</summary>
    public void End()
    {
        if (!_isDone)
        {
            throw Refuse(8, "The header is not a complete JSON object.");
        }
    }

    private void OnOutermost(ref Utf8JsonReader reader, long offset)
    {
        if (reader.TokenType is not (JsonTokenType.StartObject or JsonTokenType.EndObject))
        {
            throw Refuse(offset, "The header is not a JSON object.");
        }

        _isDone = reader.TokenType == JsonTokenType.EndObject;
    }

    private void OnTensor(ref Utf8JsonReader reader, long offset)
    {
        switch (reader.TokenType)
        {
            case JsonTokenType.PropertyName:
                Begin(ref reader, offset);
                break;
            case JsonTokenType.StartObject:
                break;
            case JsonTokenType.EndObject:
                EndTensor();
                break;
            default:
                throw Refuse(offset, $"The value of '{_name}' is not a JSON object.");
        }
    }

    private void Begin(ref Utf8JsonReader reader, long offset)
    {
        (_nameAt, _member, _bits, _elements, _offsets, _inArray) = (offset, Member.None, 0, null, null, false);
        _name = Names.Show(reader.ValueSpan);
        _isMetadata = reader.ValueTextEquals("__metadata__"u8);
        bool isNew = _isMetadata ? !_metadataSeen : report.Tensors.Add(Names.Hash(ref reader));
        _metadataSeen |= _isMetadata;
        if (!isNew)
        {
            throw Refuse(offset, $"The name '{_name}' is there twice.");
        }
    }

    private static void OnMetadata(ref Utf8JsonReader reader, long offset)
    {
        if (reader.TokenType is not (JsonTokenType.PropertyName or JsonTokenType.String))
        {
            throw Refuse(offset, "The metadata must be texts.");
        }
    }

    private void OnMember(ref Utf8JsonReader reader, long offset)
    {
        switch (reader.TokenType)
        {
            case JsonTokenType.PropertyName:
                _member = reader.ValueTextEquals("dtype"u8) ? Member.Type
                    : reader.ValueTextEquals("shape"u8) ? Member.Shape
                    : reader.ValueTextEquals("data_offsets"u8) ? Member.Offsets
                    : throw Refuse(offset, $"The tensor '{_name}' has the unknown member '{Names.Show(reader.ValueSpan)}'.");
                if (_member switch { Member.Type => _bits != 0, Member.Shape => _elements is not null, _ => _offsets is not null })
                {
                    throw Refuse(offset, $"The tensor '{_name}' has '{Names.Show(reader.ValueSpan)}' twice.");
                }

                break;
            case JsonTokenType.String when _member == Member.Type:
                _bits = SafetensorsTypes.BitsOf(reader.ValueSpan);
                if (_bits == 0)
                {
                    throw Refuse(offset, $"The tensor '{_name}' has the unknown dtype '{Names.Show(reader.ValueSpan)}'.");
                }

                break;
            case JsonTokenType.StartArray when _member is Member.Shape or Member.Offsets:
                _numbers.Clear();
                _inArray = true;
                break;
            case JsonTokenType.EndArray when _inArray:
                _inArray = false;
                EndArray(offset);
                break;
            default:
                throw Refuse(offset, $"A member of the tensor '{_name}' has a value of the wrong kind.");
        }
    }

    private void OnNumber(ref Utf8JsonReader reader, long offset)
    {
        if (!_inArray || reader.TokenType != JsonTokenType.Number || !reader.TryGetUInt64(out ulong number))
        {
            throw Refuse(offset, $"Shape and offsets of the tensor '{_name}' must be whole numbers of at least 0.");
        }

        if (_numbers.Count == MaxDimensions)
        {
            throw Refuse(offset, $"The tensor '{_name}' has more than {Format.Count(MaxDimensions)} dimensions.");
        }

        _numbers.Add(number);
    }

    private void EndArray(long offset)
    {
        if (_member == Member.Offsets)
        {
            _offsets = _numbers is [var begin, var end] && begin <= end
                ? (begin, end)
                : throw Refuse(offset, $"The offsets of the tensor '{_name}' must be two numbers in ascending order.");
            return;
        }

        _elements = Product(_numbers) ?? throw Refuse(offset, $"The shape of the tensor '{_name}' has more elements than a file can have.");
    }

    private void EndTensor()
    {
        if (_isMetadata)
        {
            _isMetadata = false;
            return;
        }

        if (_bits == 0 || _elements is not { } elements || _offsets is not var (begin, end))
        {
            throw Refuse(_nameAt, $"The tensor '{_name}' lacks dtype, shape or data_offsets.");
        }

        var bits = (UInt128)elements * (uint)_bits;
        if (bits % 8 != 0 || bits / 8 != end - begin)
        {
            report.Add(
                HealthReasonKinds.Header, _nameAt, null,
                string.Create(CultureInfo.InvariantCulture, $"The tensor '{_name}' needs {bits / 8:N0} bytes by its dtype and shape, and its offsets say {end - begin:N0}."));
        }

        Spans.Add(begin, end, _nameAt);
    }

    private static ulong? Product(List<ulong> numbers)
    {
        UInt128 product = 1;
        foreach (ulong number in numbers)
        {
            product *= number;
            if (product > long.MaxValue)
            {
                return null;
            }
        }

        return (ulong)product;
    }

    private static MalformedException Refuse(long offset, string sentence) => new(HealthReasonKinds.Header, offset, null, sentence);
}
