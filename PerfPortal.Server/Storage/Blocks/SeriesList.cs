using PerfPortal.Domain.Operations;

namespace PerfPortal.Server.Storage.Blocks;

/// <summary>
/// The format of the <c>series</c> column of a block row: a format byte (1), then per series one byte (metric type + 16 × status), and as LEB128 the ids of its
/// source and name, its minimum duration (µs), and the difference between its maximum and minimum duration.
/// </summary>
internal static class SeriesList
{
    private const byte Form = 1;

    /// <summary>Serializes series.</summary>
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

    /// <summary>Deserializes the output of <see cref="Write"/>.</summary>
    /// <exception cref="InvalidDataException">The format is unknown or the data is corrupt.</exception>
    public static IReadOnlyCollection<SeriesExtent> Read(ReadOnlySpan<byte> bytes)
    {
        var series = new List<SeriesExtent>();
        var reader = new BlockReader(bytes);
        if (reader.Byte() != Form)
        {
            throw new InvalidDataException("Unknown series format of a block. The file was written by a different version of the portal.");
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
