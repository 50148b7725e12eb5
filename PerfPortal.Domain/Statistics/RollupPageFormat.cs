using System.Buffers;
using System.IO.Compression;

namespace PerfPortal.Domain.Statistics;

/// <summary>How a page is written.</summary>
public enum PageDensity
{
    /// <summary>As it is, at once: for pages that are written every second.</summary>
    Plain,

    /// <summary>The same, compressed where that pays: for pages that change seldom.</summary>
    Packed,

    /// <summary>
    /// Compressed, and each duration kept by its bucket alone: counts and quantiles stay what they are, while sum, least and greatest are within
    /// <see cref="DurationSketch.RelativeError"/>. For minutes whose hour keeps the sums.
    /// </summary>
    Dense,
}

/// <summary>
/// The bytes of a page, column below column; the document on the storage format shows them one by one. A number is 7 bits a byte, low bits first.
/// First a byte: version 1, or 2 for <see cref="PageDensity.Dense"/>, plus 128 when the rest is the body's length and the body compressed by Brotli.
/// </summary>
public static class RollupPageFormat
{
    private const byte Exact = 1;
    private const byte Dense = 2;
    private const byte Compressed = 128;
    private const int BucketsFollow = DurationSketch.ExactLimit + 1;
    private const int SketchMask = 7;
    private const int SummaryFollows = 8;
    private const int CountFollows = 16;

    // A damaged length must not take memory without end.
    private const int SmallBody = 1 << 16;
    private const int MostCompression = 512;
    private const int MostKinds = 32;
    private const int MostOutcomes = 8;
    private const double Millionths = 1e6;

    /// <summary>Writes rollups, whose keys are all different, in the order of their keys.</summary>
    /// <exception cref="ArgumentException">A key is there twice.</exception>
    public static byte[] Write(IEnumerable<KeyValuePair<PageKey, Rollup>> rollups, PageDensity density)
    {
        var entries = rollups.OrderBy(entry => entry.Key).ToList();
        var body = new ArrayBufferWriter<byte>(64 + (entries.Count * 16));
        bool isDense = density == PageDensity.Dense;
        WriteKeys(body, entries);
        WriteDurations(body, [.. entries.Select(entry => entry.Value)], isDense);
        FactColumns.Write(body, [.. entries.Select(entry => entry.Value)]);
        byte version = isDense ? Dense : Exact;
        return (density == PageDensity.Plain ? null : Compress(version, body.WrittenSpan)) ?? [version, .. body.WrittenSpan];
    }

    /// <summary>Reads a page; each key becomes the number that <paramref name="seriesOf"/> gives it (the outcome stays apart).</summary>
    /// <exception cref="InvalidDataException">The bytes are no page, or one of a version not known here.</exception>
    public static RollupPage Read(ReadOnlySpan<byte> bytes, Func<PageKey, int> seriesOf)
    {
        ArgumentNullException.ThrowIfNull(seriesOf);
        byte head = Numbers.ReadByte(ref bytes);
        int version = head & ~Compressed;
        if (version is not (Exact or Dense))
            throw new InvalidDataException($"A page of version {version} is not known here.");
        if ((head & Compressed) == 0)
            return ReadBody(bytes, version == Dense, seriesOf);
        int length = (int)Numbers.ReadCount(ref bytes, SmallBody + ((long)bytes.Length * MostCompression), "The length of a page");
        byte[] body = ArrayPool<byte>.Shared.Rent(length);
        try
        {
            if (!BrotliDecoder.TryDecompress(bytes, body.AsSpan(0, length), out int written) || written != length)
                throw new InvalidDataException("A page cannot be decompressed.");
            return ReadBody(body.AsSpan(0, length), version == Dense, seriesOf);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(body);
        }
    }

    /// <summary>Whether these bytes were written so densely already.</summary>
    public static bool Is(ReadOnlySpan<byte> bytes, PageDensity density) => !bytes.IsEmpty && density switch
    {
        PageDensity.Dense => (bytes[0] & ~Compressed) == Dense,
        PageDensity.Packed => (bytes[0] & ~Compressed) == Dense || (bytes[0] & Compressed) != 0,
        _ => true,
    };

    private static byte[]? Compress(byte version, ReadOnlySpan<byte> body)
    {
        const int Quality = 9;
        const int Window = 22;
        var head = new ArrayBufferWriter<byte>(8);
        head.Write([(byte)(version | Compressed)]);
        Numbers.WriteCount(head, body.Length);
        byte[] packed = new byte[BrotliEncoder.GetMaxCompressedLength(body.Length)];
        return BrotliEncoder.TryCompress(body, packed, out int length, Quality, Window) && head.WrittenCount + length <= body.Length && body.Length <= SmallBody + ((long)length * MostCompression)
            ? [.. head.WrittenSpan, .. packed.AsSpan(0, length)]
            : null;
    }

    private static void WriteKeys(ArrayBufferWriter<byte> output, List<KeyValuePair<PageKey, Rollup>> entries)
    {
        Numbers.WriteCount(output, entries.Count);
        int source = 0;
        foreach (var (key, _) in entries)
        {
            Numbers.WriteCount(output, key.Source - source);
            source = key.Source;
        }

        for (int i = 0; i < entries.Count; i++)
        {
            if (i > 0 && entries[i].Key == entries[i - 1].Key)
                throw new ArgumentException($"{entries[i].Key} is there twice.", nameof(entries));
            bool isSameSource = i > 0 && entries[i].Key.Source == entries[i - 1].Key.Source;
            Numbers.WriteCount(output, entries[i].Key.Name - (isSameSource ? entries[i - 1].Key.Name : 0));
        }

        foreach (var (key, _) in entries)
        {
            ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(key.Kind, MostKinds, nameof(entries));
            ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(key.Outcome, MostOutcomes, nameof(entries));
            Numbers.WriteCount(output, (key.Kind * MostOutcomes) + key.Outcome);
        }
    }

    private static PageKey[] ReadKeys(ref ReadOnlySpan<byte> bytes)
    {
        int count = (int)Numbers.ReadCount(ref bytes, bytes.Length, "The number of rollups");
        var sources = new int[count];
        var names = new int[count];
        var keys = new PageKey[count];
        for (int i = 0; i < count; i++)
        {
            int before = i > 0 ? sources[i - 1] : 0;
            sources[i] = before + (int)Numbers.ReadCount(ref bytes, int.MaxValue - before, "The number of a source");
        }

        for (int i = 0; i < count; i++)
        {
            int before = i > 0 && sources[i] == sources[i - 1] ? names[i - 1] : 0;
            names[i] = before + (int)Numbers.ReadCount(ref bytes, int.MaxValue - before, "The number of a name");
        }

        for (int i = 0; i < count; i++)
        {
            int kind = (int)Numbers.ReadCount(ref bytes, (MostKinds * MostOutcomes) - 1, "The kind of a rollup");
            keys[i] = new((byte)(kind / MostOutcomes), sources[i], names[i], (byte)(kind % MostOutcomes));
            if (i > 0 && keys[i - 1] >= keys[i])
                throw new InvalidDataException("The rollups of a page are out of order.");
        }

        return keys;
    }

    private static void WriteDurations(ArrayBufferWriter<byte> output, Rollup[] rollups, bool isDense)
    {
        var heads = new byte[rollups.Length];
        for (int i = 0; i < rollups.Length; i++)
        {
            var durations = rollups[i].Durations;
            int sketch = durations.BucketCounts is null ? (int)durations.Count : BucketsFollow;
            bool isSummed = isDense || (sketch < BucketsFollow && IsDerived(durations.Exact, rollups[i].Times));
            heads[i] = (byte)(sketch | (isSummed ? 0 : SummaryFollows) | (rollups[i].Count == durations.Count ? 0 : CountFollows));
        }

        output.Write(heads);
        foreach (var rollup in rollups.Where(rollup => rollup.Count != rollup.Durations.Count))
            Numbers.WriteSigned(output, rollup.Count);
        WriteValues(output, [.. rollups.SelectMany(rollup => rollup.Durations.Exact.ToArray())], isDense);
        foreach (var rollup in rollups)
            WriteBuckets(output, rollup.Durations.BucketCounts);
        var told = rollups.Where((_, i) => (heads[i] & SummaryFollows) != 0).Select(rollup => rollup.Times).ToArray();
        NumberColumn.Write(output, [.. told.Select(times => Whole(times.Sum))]);
        NumberColumn.Write(output, [.. told.Select(times => times.Min)]);
        NumberColumn.Write(output, [.. told.Select(times => times.Max)]);
    }

    private static RollupPage ReadBody(ReadOnlySpan<byte> bytes, bool isDense, Func<PageKey, int> seriesOf)
    {
        var keys = ReadKeys(ref bytes);
        var heads = Numbers.Take(ref bytes, keys.Length).ToArray();
        int exact = 0;
        foreach (byte head in heads)
        {
            int sketch = head & SketchMask;
            if (sketch > BucketsFollow || head >= 2 * CountFollows)
                throw new InvalidDataException($"A rollup of a page begins with {head}.");
            exact += sketch < BucketsFollow ? sketch : 0;
        }

        var counts = new long?[keys.Length];
        for (int i = 0; i < keys.Length; i++)
            counts[i] = (heads[i] & CountFollows) != 0 ? Numbers.ReadSigned(ref bytes) : null;
        var values = ReadValues(ref bytes, exact, isDense);
        var builder = new RollupPageBuilder(keys.Length);
        var sketches = ReadSketches(ref bytes, heads);
        int told = heads.Count(head => (head & SummaryFollows) != 0);
        double[] sums = new double[told], least = new double[told], greatest = new double[told];
        NumberColumn.Read(ref bytes, sums);
        NumberColumn.Read(ref bytes, least);
        NumberColumn.Read(ref bytes, greatest);
        int at = 0;
        int value = 0;
        for (int i = 0, bucket = 0; i < keys.Length; i++)
        {
            int sketch = heads[i] & SketchMask;
            var own = sketch < BucketsFollow ? values.AsSpan(value, sketch) : [];
            int used = sketch < BucketsFollow ? 0 : sketches.Used[i];
            var times = sketch < BucketsFollow ? Derive(own) : sketches.Derive(bucket, used);
            if ((heads[i] & SummaryFollows) != 0)
            {
                times = new(times.Count, sums[at], least[at], greatest[at++]);
                if (times.Min > times.Max)
                    throw new InvalidDataException("The least of a summary is above its greatest.");
            }

            builder.Begin(seriesOf(keys[i]), keys[i].Outcome, counts[i] ?? times.Count, times, sketch < BucketsFollow);
            for (int k = 0; k < own.Length; k++)
            {
                if (LogarithmicBuckets.Normalize(own[k]) != own[k] || (k > 0 && own[k] < own[k - 1]))
                    throw new InvalidDataException("A page holds a value out of range or out of order.");
                builder.AddValue(own[k]);
            }

            for (int k = bucket; k < bucket + used; k++)
                builder.AddBucket(sketches.Buckets[k], sketches.Counts[k]);
            value += own.Length;
            bucket += used;
        }

        var page = builder.Build(bytes.ToArray());
        FactColumns.Read(bytes, page.Count, (_, _) => { }, (_, _, _) => { });
        return page;
    }

    private static void WriteValues(ArrayBufferWriter<byte> output, double[] values, bool isDense)
    {
        if (!isDense)
        {
            NumberColumn.Write(output, values);
            return;
        }

        // The upper bytes are nearly all the same, so the compression makes nothing of them when they lie together.
        foreach (double value in values)
            Numbers.WriteCount(output, LogarithmicBuckets.IndexOf(value) >> 7);
        foreach (double value in values)
            Numbers.WriteCount(output, LogarithmicBuckets.IndexOf(value) & 0x7F);
    }

    private static double[] ReadValues(ref ReadOnlySpan<byte> bytes, int count, bool isDense)
    {
        if (count > bytes.Length)
            throw new InvalidDataException("The data ends too early.");
        var values = new double[count];
        if (!isDense)
        {
            NumberColumn.Read(ref bytes, values);
            return values;
        }

        var upper = new int[count];
        for (int i = 0; i < count; i++)
            upper[i] = (int)Numbers.ReadCount(ref bytes, LogarithmicBuckets.Count >> 7, "A bucket") << 7;
        for (int i = 0; i < count; i++)
        {
            int bucket = upper[i] + (int)Numbers.ReadCount(ref bytes, 0x7F, "A bucket");
            values[i] = bucket < LogarithmicBuckets.Count ? LogarithmicBuckets.ValueOf(bucket) : throw new InvalidDataException("A page holds a bucket beyond the last.");
        }

        return values;
    }

    /// <summary>The number of used buckets, then for each twice the distance to the one before, plus 1 when it counts more than one value: then that count less 2 follows.</summary>
    private static void WriteBuckets(ArrayBufferWriter<byte> output, BucketCounts? buckets)
    {
        if (buckets is null)
            return;
        int used = 0;
        for (int position = 0; buckets.MoveNext(ref position, out _, out _);)
            used++;
        Numbers.WriteCount(output, used);
        int next = 0;
        for (int position = 0; buckets.MoveNext(ref position, out int bucket, out long count); next = bucket + 1)
        {
            Numbers.WriteCount(output, ((bucket - next) << 1) | (count > 1 ? 1 : 0));
            if (count > 1)
                Numbers.WriteCount(output, count - 2);
        }
    }

    private static Sketches ReadSketches(ref ReadOnlySpan<byte> bytes, byte[] heads)
    {
        var sketches = new Sketches(new int[heads.Length], [], []);
        for (int i = 0; i < heads.Length; i++)
        {
            if ((heads[i] & SketchMask) != BucketsFollow)
                continue;
            int used = sketches.Used[i] = (int)Numbers.ReadCount(ref bytes, LogarithmicBuckets.Count, "The number of buckets");
            long total = 0;
            for (int k = 0, next = 0; k < used; k++)
            {
                ulong told = Numbers.ReadUnsigned(ref bytes);
                if (told >> 1 >= (ulong)(LogarithmicBuckets.Count - next))
                    throw new InvalidDataException("A page holds a bucket beyond the last.");
                long count = (told & 1) == 0 ? 1 : 2 + Numbers.ReadCount(ref bytes, long.MaxValue - 2, "The count of a bucket");
                total = count <= long.MaxValue - total ? total + count : throw new InvalidDataException("A sketch counts too many values.");
                sketches.Buckets.Add(next + (int)(told >> 1));
                sketches.Counts.Add(count);
                next = sketches.Buckets[^1] + 1;
            }

            if (total <= DurationSketch.ExactLimit)
                throw new InvalidDataException("A sketch of buckets holds too few values.");
        }

        return sketches;
    }

    /// <summary>Whether the values say the summary: least and greatest to the bit, the sum but for the rounding of its additions.</summary>
    private static bool IsDerived(ReadOnlySpan<double> values, Summary times)
    {
        var derived = Derive(values);
        return derived.Min == times.Min && derived.Max == times.Max && Math.Abs(derived.Sum - times.Sum) <= 1e-15 * Math.Abs(times.Sum);
    }

    private static Summary Derive(ReadOnlySpan<double> values)
    {
        var times = default(Summary);
        foreach (double value in values)
            times = times.Add(value);
        return times;
    }

    /// <summary>Durations are whole microseconds, so their sum is too: what lies beside it is the rounding of additions.</summary>
    private static double Whole(double sum)
    {
        double whole = Math.Round(sum * Millionths) / Millionths;
        return Math.Abs(whole - sum) <= 1e-12 * Math.Abs(sum) ? whole : sum;
    }

    private sealed record Sketches(int[] Used, List<int> Buckets, List<long> Counts)
    {
        public Summary Derive(int first, int used)
        {
            long count = 0;
            double sum = 0;
            for (int i = first; i < first + used; i++)
            {
                count += Counts[i];
                sum += Counts[i] * LogarithmicBuckets.ValueOf(Buckets[i]);
            }

            return new(count, sum, LogarithmicBuckets.ValueOf(Buckets[first]), LogarithmicBuckets.ValueOf(Buckets[first + used - 1]));
        }
    }
}
