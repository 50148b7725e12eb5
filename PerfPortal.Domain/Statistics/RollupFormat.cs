using System.Buffers;
using System.Text;

namespace PerfPortal.Domain.Statistics;

/// <summary>
/// The bytes of a rollup: version (1); count (signed); the sketch of durations; if that is not empty, sum, least and greatest duration
/// (one number where all three are the same, behind a byte that says so); values of facts overflowed; number of facts; per fact the length of its
/// name in bytes, the name in UTF-8, count, sum, least, greatest. Numbers as <see cref="Varint"/> writes them.
/// A minute with one operation takes about 12 bytes.
/// </summary>
internal static class RollupFormat
{
    private const byte Version = 1;
    private const byte One = 1;
    private const byte Three = 3;

    // A character of UTF-16 takes at most three bytes of UTF-8.
    private const int MaxNameBytes = Rollup.MaxFactName * 3;

    public static byte[] Write(Rollup rollup)
    {
        var output = new ArrayBufferWriter<byte>(64);
        Varint.Write(output, Version);
        Varint.WriteSigned(output, rollup.Count);
        rollup.Durations.Write(output);
        if (rollup.Durations.Count > 0)
        {
            WriteSummary(output, rollup.Times);
        }

        Varint.Write(output, rollup.FactsOverflowed);
        Varint.Write(output, rollup.Facts.Count);
        foreach (var (name, summary) in rollup.Facts)
        {
            byte[] bytes = Encoding.UTF8.GetBytes(name);
            Varint.Write(output, bytes.Length);
            output.Write(bytes);
            Varint.Write(output, summary.Count);
            WriteSummary(output, summary);
        }

        return output.WrittenSpan.ToArray();
    }

    public static Rollup Read(ReadOnlySpan<byte> bytes)
    {
        byte version = Varint.ReadByte(ref bytes);
        if (version != Version)
        {
            throw new InvalidDataException($"A rollup of version {version} is not known here.");
        }

        long count = Varint.ReadSigned(ref bytes);
        var durations = DurationSketch.Read(ref bytes);
        var times = durations.Count > 0 ? ReadSummary(ref bytes, durations.Count) : default;
        long overflowed = Varint.ReadCount(ref bytes, long.MaxValue, "The number of overflowed facts");
        var rollup = Rollup.Restore(count, times, durations, overflowed);
        long facts = Varint.ReadCount(ref bytes, Rollup.MaxFacts, "The number of facts");
        for (int i = 0; i < facts; i++)
        {
            ReadFact(ref bytes, rollup);
        }

        if (!bytes.IsEmpty)
        {
            throw new InvalidDataException($"{bytes.Length} bytes follow the rollup.");
        }

        return rollup;
    }

    private static void ReadFact(ref ReadOnlySpan<byte> bytes, Rollup rollup)
    {
        int length = (int)Varint.ReadCount(ref bytes, MaxNameBytes, "The length of a fact's name");
        string name = Encoding.UTF8.GetString(Varint.Take(ref bytes, length));
        if (name.Length is 0 or > Rollup.MaxFactName || rollup.Facts.ContainsKey(name))
        {
            throw new InvalidDataException("A fact's name is empty, too long or there twice.");
        }

        long count = Varint.ReadCount(ref bytes, long.MaxValue, "The count of a fact");
        if (count == 0)
        {
            throw new InvalidDataException("A fact has no values.");
        }

        rollup.MergeFact(name, ReadSummary(ref bytes, count));
    }

    private static void WriteSummary(ArrayBufferWriter<byte> output, Summary summary)
    {
        bool one = summary.Sum == summary.Min && summary.Min == summary.Max;
        Varint.Write(output, one ? One : Three);
        Varint.WriteDouble(output, summary.Sum);
        if (one)
        {
            return;
        }

        Varint.WriteDouble(output, summary.Min);
        Varint.WriteDouble(output, summary.Max);
    }

    private static Summary ReadSummary(ref ReadOnlySpan<byte> bytes, long count)
    {
        byte numbers = Varint.ReadByte(ref bytes);
        if (numbers is not (One or Three))
        {
            throw new InvalidDataException($"A summary holds {One} or {Three} numbers, not {numbers}.");
        }

        double sum = Varint.ReadDouble(ref bytes);
        if (numbers == One)
        {
            return new Summary(count, sum, sum, sum);
        }

        double min = Varint.ReadDouble(ref bytes);
        double max = Varint.ReadDouble(ref bytes);
        return min <= max
            ? new Summary(count, sum, min, max)
            : throw new InvalidDataException("The least of a summary is above its greatest.");
    }
}
