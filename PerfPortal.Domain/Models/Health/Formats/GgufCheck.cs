using System.Globalization;
using PerfPortal.Domain.Models.Health.Results;

namespace PerfPortal.Domain.Models.Health.Formats;

/// <summary>
/// Examines a GGUF file of version 2 or 3 (https://github.com/ggml-org/ggml, <c>docs/gguf.md</c>): magic, version, counts, metadata, tensor infos, padding, data. Counts and lengths are
/// compared with the bytes that are left before anything is read.
/// </summary>
internal static class GgufCheck
{
    private const uint Magic = 0x46554747;
    private const uint DefaultAlignment = 32;

    // The smallest entries: an empty key, a type and one byte; an empty name, no dimension, type and offset.
    private const int SmallestPair = 8 + 4 + 1;
    private const int SmallestTensor = 8 + 4 + 4 + 8;

    public static void Run(ByteSource source, StructureReport report)
    {
        report.Format = "GGUF";
        using var cursor = new ByteCursor(source, 0, source.Length);
        if (cursor.ReadUInt32("magic number") != Magic)
        {
            throw new MalformedException(HealthReasonKinds.Header, 0, 4, "The file does not begin with 'GGUF'.");
        }

        ReadVersion(cursor, report);
        ulong tensors = ReadCount(cursor, "tensor", SmallestTensor);
        ulong pairs = ReadCount(cursor, "metadata", SmallestPair);
        var metadata = new GgufMetadata(cursor, report);
        for (ulong i = 0; i < pairs; i++)
        {
            metadata.ReadPair();
        }

        metadata.End();
        var infos = new GgufTensorInfos(cursor, metadata.Alignment ?? DefaultAlignment, report);
        for (ulong i = 0; i < tensors; i++)
        {
            infos.Read();
        }

        CheckData(source, cursor.Position, metadata.Alignment ?? DefaultAlignment, infos, report);
    }

    private static void ReadVersion(ByteCursor cursor, StructureReport report)
    {
        uint version = cursor.ReadUInt32("version");
        if (version is 0x02000000 or 0x03000000)
        {
            cursor.IsBigEndian = true;
            report.Add(HealthReasonKinds.UnknownFeature, 4, 4, "The file is big-endian: only machines of that kind can load it.", HealthSeverity.Warning);
        }
        else if (version is not (2 or 3))
        {
            throw new MalformedException(HealthReasonKinds.Header, 4, 4, string.Create(CultureInfo.InvariantCulture, $"The file has GGUF version {version}; 2 and 3 are known."));
        }
    }

    private static ulong ReadCount(ByteCursor cursor, string what, int smallest)
    {
        long at = cursor.Position;
        ulong count = cursor.ReadUInt64(what + " count");
        return count <= (ulong)(cursor.Remaining / smallest)
            ? count
            : throw new MalformedException(
                HealthReasonKinds.Header, at, 8,
                string.Create(CultureInfo.InvariantCulture, $"The {what} count is {count:N0}, for which the remaining {cursor.Remaining:N0} bytes are too few: the count is damaged or the file was cut off."));
    }

    private static void CheckData(ByteSource source, long infosEnd, uint alignment, GgufTensorInfos infos, StructureReport report)
    {
        ulong start = TensorSpans.Align((ulong)infosEnd, alignment);
        long dataStart = (long)Math.Min(start, (ulong)source.Length);
        long dataLength = source.Length - dataStart;
        ulong used = infos.Spans.Check(dataStart, dataLength, alignment, report, !infos.HasUnknownType);
        ulong padded = TensorSpans.Align(used, alignment);
        if (!infos.HasUnknownType && padded < (ulong)dataLength)
        {
            report.Add(
                HealthReasonKinds.Hole, dataStart + (long)padded, dataLength - (long)padded,
                string.Create(CultureInfo.InvariantCulture, $"The last {dataLength - (long)padded:N0} bytes belong to no tensor."), HealthSeverity.Warning);
        }
    }
}
