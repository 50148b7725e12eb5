using PerfPortal.Domain.Operations;

namespace PerfPortal.Server.Storage.Blocks;

/// <summary>
/// The format of the <c>series</c> column of a block row: a format byte (2), the extent of the ids, and then per series one byte (metric type + 16 × status),
/// and as LEB128 the ids of its source and name, its minimum duration (µs), and the difference between its maximum and minimum duration.
/// The extent is one byte (1 for version 7 ids + 2 for other ids) and, if there are version 7 ids, as LEB128 their earliest timestamp (ms) and the
/// difference between the latest and the earliest. Format 1, which is still read, has no extent.
/// </summary>
internal static class SeriesList
{
    private const byte WithoutIds = 1;
    private const byte Form = 2;
    private const byte Timestamps = 1;
    private const byte Others = 2;

    /// <summary>Serializes the extent of the ids and the series.</summary>
    public static byte[] Write(IdExtent ids, IReadOnlyCollection<SeriesExtent> series)
    {
        var output = new BlockBuffer();
        output.Byte(Form);
        output.Byte((byte)((ids.HasTimestamps ? Timestamps : 0) | (ids.HasOthers ? Others : 0)));
        if (ids.HasTimestamps)
        {
            output.Varint((ulong)ids.MinMs);
            output.Varint((ulong)(ids.MaxMs - ids.MinMs));
        }

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
    public static (IdExtent Ids, IReadOnlyCollection<SeriesExtent> Series) Read(ReadOnlySpan<byte> bytes)
    {
        var series = new List<SeriesExtent>();
        var reader = new BlockReader(bytes);
        var ids = reader.Byte() switch
        {
            WithoutIds => IdExtent.Unknown,
            Form => ReadIds(ref reader),
            _ => throw new InvalidDataException("Unknown series format of a block. The file was written by a different version of the portal."),
        };
        while (reader.Left > 0)
        {
            byte kinds = reader.Byte();
            int source = reader.Count(int.MaxValue);
            var one = new BlockSeries((MetricType)(kinds & 15), source, reader.Count(int.MaxValue), (OperationStatus)(kinds >> 4));
            long min = (long)reader.Varint();
            series.Add(new(one, min, min + (long)reader.Varint()));
        }

        return (ids, series);
    }

    private static IdExtent ReadIds(ref BlockReader reader)
    {
        byte kinds = reader.Byte();
        if ((kinds & Timestamps) == 0)
        {
            return IdExtent.Of([]) with { HasOthers = (kinds & Others) != 0 };
        }

        long min = (long)reader.Varint();
        return new(min, min + (long)reader.Varint(), (kinds & Others) != 0);
    }
}
