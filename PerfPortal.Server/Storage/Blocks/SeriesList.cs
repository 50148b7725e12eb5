using PerfPortal.Domain.Operations;

namespace PerfPortal.Server.Storage.Blocks;

/// <summary>
/// The series of a block as they stand beside it: a byte that tells the form (1), then per series one byte (metric type + 16 × status), then as LEB128 the numbers of its
/// source and its name, its shortest duration (µs), and by how much the longest is longer.
/// </summary>
internal static class SeriesList
{
    private const byte Form = 1;

    /// <summary>Writes series.</summary>
    public static byte[] Write(IReadOnlyCollection<SeriesExtent> series)
    {
        var output = new BlockBuffer();
        output.Byte(Form);
        foreach (var (one, min, max) in series)
        {
            output.Byte((byte)((int)one.MetricType | ((int)one.Status << 4)));
            output.Varint((uint)one.SourceId);
            output.Varint((uint)one.NameId);
            output.Varint((ulong)min);
            output.Varint((ulong)(max - min));
        }

        return output.Written.ToArray();
    }

    /// <summary>Reads what <see cref="Write"/> wrote.</summary>
    /// <exception cref="InvalidDataException">The bytes are something else.</exception>
    public static IReadOnlyCollection<SeriesExtent> Read(ReadOnlySpan<byte> bytes)
    {
        var series = new List<SeriesExtent>();
        var reader = new BlockReader(bytes);
        if (reader.Byte() != Form)
        {
            throw new InvalidDataException("The series of a block have an unknown form: the file was written by another version of the portal.");
        }

        while (reader.Left > 0)
        {
            byte kinds = reader.Byte();
            int source = reader.Count(int.MaxValue);
            var one = new BlockSeries((MetricType)(kinds & 15), source, reader.Count(int.MaxValue), (OperationStatus)(kinds >> 4));
            long min = (long)reader.Varint();
            series.Add(new(one, min, min + (long)reader.Varint()));
        }

        return series;
    }
}
