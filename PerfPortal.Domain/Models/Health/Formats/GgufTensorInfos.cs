using System.Globalization;
using System.IO.Hashing;
using PerfPortal.Domain.Models.Health.Results;

namespace PerfPortal.Domain.Models.Health.Formats;

/// <summary>The tensor infos of a GGUF file: name, dimensions, type, offset.</summary>
internal sealed class GgufTensorInfos(ByteCursor cursor, uint alignment, StructureReport report)
{
    // GGML_MAX_NAME and GGML_MAX_DIMS.
    private const int MaxName = 64;
    private const int MaxDimensions = 4;

    private readonly HashSet<ulong> _names = [];

    /// <summary>Where the tensors are.</summary>
    public TensorSpans Spans { get; } = new();

    /// <summary>Whether the size of a tensor is unknown because its type is.</summary>
    public bool HasUnknownType { get; private set; }

    /// <summary>Reads the next info.</summary>
    public void Read()
    {
        long at = cursor.Position;
        ulong length = cursor.ReadUInt64("length of a tensor's name");
        if (length > MaxName)
        {
            throw Refuse(at, string.Create(CultureInfo.InvariantCulture, $"A tensor's name has {length:N0} bytes; it must have at most {MaxName:N0}."));
        }

        var name = cursor.Take((int)length, "name of a tensor");
        string shown = Names.Show(name);
        if (!System.Text.Unicode.Utf8.IsValid(name) || name.Contains((byte)0))
        {
            throw Refuse(at + 8, $"The tensor's name '{shown}' is not a valid text.");
        }

        if (!_names.Add(XxHash3.HashToUInt64(name)))
        {
            throw Refuse(at, $"The tensor '{shown}' is there twice.");
        }

        var (elements, row) = ReadDimensions(shown);
        long typeAt = cursor.Position;
        uint type = cursor.ReadUInt32("type of a tensor");
        long offsetAt = cursor.Position;
        ulong offset = cursor.ReadUInt64("offset of a tensor");
        if (offset % alignment != 0)
        {
            report.Add(
                HealthReasonKinds.Alignment, offsetAt, 8,
                string.Create(CultureInfo.InvariantCulture, $"The tensor '{shown}' begins at byte {offset:N0} of the data, which is no multiple of the alignment {alignment}."));
        }

        Spans.Add(offset, SizeOf(shown, type, typeAt, elements, row) is { } size && size <= ulong.MaxValue - offset ? offset + size : offset, at);
    }

    private (ulong Elements, ulong Row) ReadDimensions(string name)
    {
        long at = cursor.Position;
        uint dimensions = cursor.ReadUInt32("number of dimensions");
        if (dimensions > MaxDimensions)
        {
            throw Refuse(at, string.Create(CultureInfo.InvariantCulture, $"The tensor '{name}' has {dimensions:N0} dimensions; it must have at most {MaxDimensions:N0}."));
        }

        UInt128 elements = 1;
        ulong row = 1;
        for (uint i = 0; i < dimensions; i++)
        {
            ulong dimension = cursor.ReadUInt64("dimension");
            row = i == 0 ? dimension : row;
            elements *= dimension;
            if (elements > long.MaxValue)
            {
                throw Refuse(cursor.Position - 8, $"The tensor '{name}' has more elements than a file can have.");
            }
        }

        return ((ulong)elements, row);
    }

    private ulong? SizeOf(string name, uint number, long typeAt, ulong elements, ulong row)
    {
        if (GgmlType.Of(number) is not { } type)
        {
            HasUnknownType = true;
            bool mayBeNewer = number is >= GgmlType.FirstUnassigned and < 64;
            report.Add(
                mayBeNewer ? HealthReasonKinds.UnknownFeature : HealthReasonKinds.Header, typeAt, 4,
                string.Create(CultureInfo.InvariantCulture, $"The tensor '{name}' has the type {number}, which {(mayBeNewer ? "is not known here" : "does not exist or was removed from the format")}."),
                mayBeNewer ? HealthSeverity.Warning : HealthSeverity.Error);
            return null;
        }

        if (row % type.Elements != 0)
        {
            report.Add(
                HealthReasonKinds.Header, typeAt, 4,
                string.Create(CultureInfo.InvariantCulture, $"The tensor '{name}' has rows of {row:N0} elements, which are no whole number of {type.Name} blocks of {type.Elements}."));
        }

        var size = (UInt128)(elements / type.Elements) * type.Bytes;
        return size > long.MaxValue ? throw Refuse(typeAt, $"The tensor '{name}' is larger than a file can be.") : (ulong)size;
    }

    private static MalformedException Refuse(long at, string sentence) => new(HealthReasonKinds.Header, at, null, sentence);
}
