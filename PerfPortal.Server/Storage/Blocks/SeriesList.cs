using PerfPortal.Domain.Operations;

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
        var output = new BlockBuffer();
        foreach (var one in series)
        {
            output.Byte((byte)((int)one.MetricType | ((int)one.Status << 4)));
            output.Varint((uint)one.SourceId);
            output.Varint((uint)one.NameId);
        }

        return output.Written.ToArray();
    }

    /// <summary>Reads what <see cref="Write"/> wrote.</summary>
    /// <exception cref="InvalidDataException">The bytes are something else.</exception>
    public static IReadOnlyCollection<BlockSeries> Read(ReadOnlySpan<byte> bytes)
    {
        var series = new List<BlockSeries>();
        var reader = new BlockReader(bytes);
        while (reader.Left > 0)
        {
            byte kinds = reader.Byte();
            int source = reader.Count(int.MaxValue);
            series.Add(new((MetricType)(kinds & 15), source, reader.Count(int.MaxValue), (OperationStatus)(kinds >> 4)));
        }

        return series;
    }
}
