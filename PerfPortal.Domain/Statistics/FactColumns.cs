using System.Buffers;
using System.Text;

namespace PerfPortal.Domain.Statistics;

/// <summary>
/// Encodes the facts of a page's entries, one column per name. Layout: the number of entries with overflowed values, their distances and overflow counts;
/// the number of names, ascending by code units; for each name its length in bytes, its UTF-8, the number of entries with the fact, their distances (omitted when all
/// entries have it), their counts, and columns (<see cref="NumberColumn"/>) of the sums of all, then of minimum and maximum of those with a count above 1.
/// A distance is the difference to the previous entry minus 1; for the first entry, its index.
/// </summary>
internal static class FactColumns
{
    private const int MaxNameBytes = Rollup.MaxFactName * 3;

    /// <summary>Receives one fact of one entry.</summary>
    public delegate void FactVisitor(int entry, string name, Summary summary);

    /// <summary>Writes the facts of entries in order; writes nothing when no entry has facts.</summary>
    public static void Write(IBufferWriter<byte> output, IReadOnlyList<Rollup> entries)
    {
        if (entries.All(entry => entry.Facts.Count == 0 && entry.FactsOverflowed == 0))
        {
            return;
        }

        var overflowed = Enumerable.Range(0, entries.Count).Where(i => entries[i].FactsOverflowed > 0).ToList();
        WriteEntries(output, overflowed, entries.Count);
        foreach (int entry in overflowed)
        {
            Varint.Write(output, entries[entry].FactsOverflowed);
        }

        var names = new SortedDictionary<string, List<(int Entry, Summary Summary)>>(StringComparer.Ordinal);
        for (int i = 0; i < entries.Count; i++)
        {
            foreach (var (name, summary) in entries[i].Facts)
            {
                if (!names.TryGetValue(name, out var column))
                {
                    names.Add(name, column = []);
                }

                column.Add((i, summary));
            }
        }

        Varint.Write(output, names.Count);
        foreach (var (name, column) in names)
        {
            byte[] bytes = Encoding.UTF8.GetBytes(name);
            Varint.Write(output, bytes.Length);
            output.Write(bytes);
            WriteEntries(output, [.. column.Select(fact => fact.Entry)], entries.Count);
            foreach (var (_, summary) in column)
            {
                Varint.Write(output, summary.Count);
            }

            var several = column.Where(fact => fact.Summary.Count > 1).ToList();
            NumberColumn.Write(output, [.. column.Select(fact => fact.Summary.Sum)]);
            NumberColumn.Write(output, [.. several.Select(fact => fact.Summary.Min)]);
            NumberColumn.Write(output, [.. several.Select(fact => fact.Summary.Max)]);
        }
    }

    /// <summary>Reads the output of <see cref="Write"/> for the given number of entries; <paramref name="bytes"/> must contain nothing else.</summary>
    /// <exception cref="InvalidDataException">The data is corrupt.</exception>
    public static void Read(ReadOnlySpan<byte> bytes, int entries, Action<int, long> overflowed, FactVisitor each)
    {
        if (bytes.IsEmpty)
        {
            return;
        }

        int[] overflow = ReadEntries(ref bytes, entries);
        foreach (int entry in overflow)
        {
            overflowed(entry, Varint.ReadCount(ref bytes, long.MaxValue, "The number of overflowed facts"));
        }

        long names = Varint.ReadCount(ref bytes, bytes.Length, "The number of facts");
        string? before = null;
        for (long i = 0; i < names; i++)
        {
            before = ReadName(ref bytes, entries, before, each);
        }

        if (!bytes.IsEmpty)
        {
            throw new InvalidDataException($"{bytes.Length} unexpected bytes after the facts.");
        }
    }

    private static string ReadName(ref ReadOnlySpan<byte> bytes, int entries, string? before, FactVisitor each)
    {
        int length = (int)Varint.ReadCount(ref bytes, MaxNameBytes, "The length of a fact's name");
        string name = Encoding.UTF8.GetString(Varint.Take(ref bytes, length));
        if (name.Length is 0 or > Rollup.MaxFactName || string.CompareOrdinal(before, name) >= 0)
        {
            throw new InvalidDataException("A fact's name is empty, too long or out of order.");
        }

        int[] carriers = ReadEntries(ref bytes, entries);
        long[] counts = new long[carriers.Length];
        int several = 0;
        for (int i = 0; i < counts.Length; i++)
        {
            counts[i] = Varint.ReadCount(ref bytes, long.MaxValue, "The count of a fact");
            several += counts[i] > 1 ? 1 : 0;
            if (counts[i] == 0)
            {
                throw new InvalidDataException("A fact has no values.");
            }
        }

        double[] sums = new double[carriers.Length];
        double[] min = new double[several];
        double[] greatest = new double[several];
        NumberColumn.Read(ref bytes, sums);
        NumberColumn.Read(ref bytes, min);
        NumberColumn.Read(ref bytes, greatest);
        for (int i = 0, at = 0; i < carriers.Length; i++)
        {
            var summary = counts[i] == 1 ? new Summary(1, sums[i], sums[i], sums[i]) : new(counts[i], sums[i], min[at], greatest[at++]);
            if (summary.Min > summary.Max)
            {
                throw new InvalidDataException("The minimum of a summary is above its maximum.");
            }

            each(carriers[i], name, summary);
        }

        return name;
    }

    private static void WriteEntries(IBufferWriter<byte> output, List<int> chosen, int entries)
    {
        Varint.Write(output, chosen.Count);
        if (chosen.Count == entries)
        {
            return;
        }

        int next = 0;
        foreach (int entry in chosen)
        {
            Varint.Write(output, entry - next);
            next = entry + 1;
        }
    }

    private static int[] ReadEntries(ref ReadOnlySpan<byte> bytes, int entries)
    {
        int[] chosen = new int[Varint.ReadCount(ref bytes, Math.Min(entries, bytes.Length), "The number of entries with a fact")];
        int next = 0;
        for (int i = 0; i < chosen.Length; i++)
        {
            chosen[i] = chosen.Length == entries ? i : next + (int)Varint.ReadCount(ref bytes, entries - 1 - next, "The distance to an entry");
            next = chosen[i] + 1;
            if (next == entries && i < chosen.Length - 1)
            {
                throw new InvalidDataException("A fact refers to an entry beyond the last one.");
            }
        }

        return chosen;
    }
}
