using System.Buffers;
using PerfPortal.Domain.Operations;
using OperationStatus = PerfPortal.Domain.Operations.OperationStatus;

namespace PerfPortal.Server.Storage.Blocks;

/// <summary>
/// The series of a block as they stand beside it: per series one byte (metric type + 16 × status), then the numbers of its
/// source and its name as LEB128.
/// </summary>
internal static class SeriesList
{
    /// <summary>Writes series.</summary>
    public static byte[] Write(IReadOnlyCollection<BlockSeries> series)
    {
        var output = new ArrayBufferWriter<byte>(Math.Max(1, series.Count * 4));
        foreach (var one in series)
        {
            output.GetSpan(1)[0] = (byte)((int)one.MetricType | ((int)one.Status << 4));
            output.Advance(1);
            WriteNumber(output, (uint)one.SourceId);
            WriteNumber(output, (uint)one.NameId);
        }

        return output.WrittenSpan.ToArray();
    }

    /// <summary>Reads what <see cref="Write"/> wrote.</summary>
    /// <exception cref="InvalidDataException">The bytes are something else.</exception>
    public static IReadOnlyCollection<BlockSeries> Read(ReadOnlySpan<byte> bytes)
    {
        var series = new List<BlockSeries>();
        while (!bytes.IsEmpty)
        {
            byte kinds = bytes[0];
            bytes = bytes[1..];
            int source = ReadNumber(ref bytes);
            series.Add(new((MetricType)(kinds & 15), source, ReadNumber(ref bytes), (OperationStatus)(kinds >> 4)));
        }

        return series;
    }

    private static void WriteNumber(ArrayBufferWriter<byte> output, uint number)
    {
        var span = output.GetSpan(5);
        int length = 0;
        while (number >= 0x80)
        {
            span[length++] = (byte)(number | 0x80);
            number >>= 7;
        }

        span[length++] = (byte)number;
        output.Advance(length);
    }

    private static int ReadNumber(ref ReadOnlySpan<byte> bytes)
    {
        uint number = 0;
        for (int i = 0; i < Math.Min(5, bytes.Length); i++)
        {
            number |= (uint)(bytes[i] & 0x7F) << (7 * i);
            if (bytes[i] < 0x80)
            {
                bytes = bytes[(i + 1)..];
                return (int)number;
            }
        }

        throw new InvalidDataException("A list of series breaks off.");
    }
}
