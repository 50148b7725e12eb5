using System.Buffers.Binary;
using System.Globalization;
using PerfPortal.Domain.Models.Health.Results;

namespace PerfPortal.Domain.Models.Health.Formats;

/// <summary>
/// Examines a safetensors file as its reference reader does (https://github.com/huggingface/safetensors, "Format"): 8 bytes of header length, little-endian; a JSON header; the data, which the
/// tensors cover exactly, without holes or overlaps.
/// </summary>
internal static class SafetensorsCheck
{
    /// <summary>The largest header that the reference reader accepts, in bytes.</summary>
    public const long MaxHeader = 100_000_000;

    private const int Prefix = 8;

    public static void Run(ByteSource source, StructureReport report)
    {
        report.Format = "safetensors";
        Span<byte> prefix = stackalloc byte[Prefix];
        if (source.Read(0, prefix) < Prefix)
        {
            throw new MalformedException(HealthReasonKinds.Truncated, source.Length, null, string.Create(CultureInfo.InvariantCulture, $"The file has {source.Length:N0} bytes, too few for a header."));
        }

        ulong length = BinaryPrimitives.ReadUInt64LittleEndian(prefix);
        if (length is < 2 or > MaxHeader)
        {
            throw new MalformedException(
                HealthReasonKinds.Header, 0, Prefix, string.Create(CultureInfo.InvariantCulture, $"The header says that it has {length:N0} bytes; it must have between 2 and {MaxHeader:N0}."));
        }

        if (length > (ulong)(source.Length - Prefix))
        {
            throw new MalformedException(
                HealthReasonKinds.Truncated, source.Length, null,
                string.Create(CultureInfo.InvariantCulture, $"The header says that it has {length:N0} bytes, and after it come only {source.Length - Prefix:N0}: the file was cut off, or its first 8 bytes are damaged."));
        }

        CheckFirst(source);
        var header = new SafetensorsHeader(report);
        JsonWalk.Run(source, Prefix, (long)length, header);
        header.End();
        long dataStart = Prefix + (long)length;
        long dataLength = source.Length - dataStart;
        ulong used = header.Spans.Check(dataStart, dataLength, 1, report);
        if (used < (ulong)dataLength)
        {
            report.Add(
                HealthReasonKinds.Hole, dataStart + (long)used, dataLength - (long)used,
                string.Create(CultureInfo.InvariantCulture, $"The last {dataLength - (long)used:N0} bytes belong to no tensor."));
        }
    }

    private static void CheckFirst(ByteSource source)
    {
        Span<byte> first = stackalloc byte[1];
        source.Read(Prefix, first);
        if (first[0] != '{')
        {
            throw new MalformedException(
                HealthReasonKinds.Header, Prefix, 1, string.Create(CultureInfo.InvariantCulture, $"The header must begin with '{{' at byte {Prefix}, and the byte there is 0x{first[0]:x2}."));
        }
    }
}
