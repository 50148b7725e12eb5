using System.Buffers;

namespace PerfPortal.Domain.Statistics;

/// <summary>
/// Encodes counts and durations of a page's rollups as columns: heads, counts, values, buckets, sums, minimums and maximums. Dense columns store only the
/// bucket of each duration; reading returns the representative value of the bucket.
/// </summary>
internal static class RollupDurationColumns
{
    private const int BucketsFollow = DurationSketch.ExactLimit + 1;
    private const int SketchMask = 7;
    private const int SummaryFollows = 8;
    private const int CountFollows = 16;
    private const double Millionths = 1e6;

    /// <summary>Writes the columns of rollups in order.</summary>
    public static void Write(ArrayBufferWriter<byte> output, Rollup[] rollups, bool isDense)
    {
        byte[] heads = new byte[rollups.Length];
        for (int i = 0; i < rollups.Length; i++)
        {
            var durations = rollups[i].Durations;
            int sketch = durations.BucketCounts is null ? (int)durations.Count : BucketsFollow;
            bool isSummed = isDense || (sketch < BucketsFollow && IsDerived(durations.Exact, rollups[i].Times));
            heads[i] = (byte)(sketch | (isSummed ? 0 : SummaryFollows) | (rollups[i].Count == durations.Count ? 0 : CountFollows));
        }

        output.Write(heads);
        foreach (var rollup in rollups.Where(rollup => rollup.Count != rollup.Durations.Count))
        {
            Varint.WriteSigned(output, rollup.Count);
        }

        WriteValues(output, [.. rollups.SelectMany(rollup => rollup.Durations.Exact.ToArray())], isDense);
        foreach (var rollup in rollups)
        {
            WriteBuckets(output, rollup.Durations.BucketCounts);
        }

        var told = rollups.Where((_, i) => (heads[i] & SummaryFollows) != 0).Select(rollup => rollup.Times).ToArray();
        NumberColumn.Write(output, [.. told.Select(times => Whole(times.Sum))]);
        NumberColumn.Write(output, [.. told.Select(times => times.Min)]);
        NumberColumn.Write(output, [.. told.Select(times => times.Max)]);
    }

    /// <summary>Reads the output of <see cref="Write"/> for these keys; each becomes an entry with the series that <paramref name="seriesOf"/> returns for its index.</summary>
    /// <exception cref="InvalidDataException">The data is corrupt.</exception>
    public static RollupPageBuilder Read(ref ReadOnlySpan<byte> bytes, PageKey[] keys, bool isDense, Func<int, int> seriesOf)
    {
        byte[] heads = Varint.Take(ref bytes, keys.Length).ToArray();
        int exact = 0;
        foreach (byte head in heads)
        {
            int sketch = head & SketchMask;
            if (sketch > BucketsFollow || head >= 2 * CountFollows)
            {
                throw new InvalidDataException($"A rollup has the invalid header {head}.");
            }

            exact += sketch < BucketsFollow ? sketch : 0;
        }

        long?[] counts = new long?[keys.Length];
        for (int i = 0; i < keys.Length; i++)
        {
            counts[i] = (heads[i] & CountFollows) != 0 ? Varint.ReadSigned(ref bytes) : null;
        }

        double[] values = ReadValues(ref bytes, exact, isDense);
        var builder = new RollupPageBuilder(keys.Length);
        var sketches = ReadSketches(ref bytes, heads);
        int told = heads.Count(head => (head & SummaryFollows) != 0);
        double[] sums = new double[told], min = new double[told], greatest = new double[told];
        NumberColumn.Read(ref bytes, sums);
        NumberColumn.Read(ref bytes, min);
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
                times = new(times.Count, sums[at], min[at], greatest[at++]);
                if (times.Min > times.Max)
                {
                    throw new InvalidDataException("The minimum of a summary is above its maximum.");
                }
            }

            builder.Begin(seriesOf(i), keys[i].Outcome, counts[i] ?? times.Count, times, sketch < BucketsFollow);
            for (int k = 0; k < own.Length; k++)
            {
                if (LogarithmicBuckets.Normalize(own[k]) != own[k] || (k > 0 && own[k] < own[k - 1]))
                {
                    throw new InvalidDataException("A page contains a value that is out of range or out of order.");
                }

                builder.AddValue(own[k]);
            }

            for (int k = bucket; k < bucket + used; k++)
            {
                builder.AddBucket(sketches.Buckets[k], sketches.Counts[k]);
            }

            value += own.Length;
            bucket += used;
        }
        return builder;
    }

    private static void WriteValues(ArrayBufferWriter<byte> output, double[] values, bool isDense)
    {
        if (!isDense)
        {
            NumberColumn.Write(output, values);
            return;
        }

        // The upper bits are nearly all the same, so storing them together lets compression remove almost all of them.
        foreach (double value in values)
        {
            Varint.Write(output, LogarithmicBuckets.IndexOf(value) >> 7);
        }

        foreach (double value in values)
        {
            Varint.Write(output, LogarithmicBuckets.IndexOf(value) & 0x7F);
        }
    }

    private static double[] ReadValues(ref ReadOnlySpan<byte> bytes, int count, bool isDense)
    {
        if (count > bytes.Length)
        {
            throw new InvalidDataException("The data is truncated.");
        }

        double[] values = new double[count];
        if (!isDense)
        {
            NumberColumn.Read(ref bytes, values);
            return values;
        }

        int[] upper = new int[count];
        for (int i = 0; i < count; i++)
        {
            upper[i] = (int)Varint.ReadCount(ref bytes, LogarithmicBuckets.Count >> 7, "A bucket") << 7;
        }

        for (int i = 0; i < count; i++)
        {
            int bucket = upper[i] + (int)Varint.ReadCount(ref bytes, 0x7F, "A bucket");
            values[i] = bucket < LogarithmicBuckets.Count ? LogarithmicBuckets.ValueOf(bucket) : throw new InvalidDataException("A page contains a bucket beyond the last one.");
        }

        return values;
    }

    /// <summary>Layout: the number of used buckets; for each, twice its distance to the previous one, plus 1 if its count is above 1; then the count minus 2.</summary>
    private static void WriteBuckets(ArrayBufferWriter<byte> output, BucketCounts? buckets)
    {
        if (buckets is null)
        {
            return;
        }

        int used = 0;
        for (int position = 0; buckets.MoveNext(ref position, out _, out _);)
        {
            used++;
        }

        Varint.Write(output, used);
        int next = 0;
        for (int position = 0; buckets.MoveNext(ref position, out int bucket, out long count); next = bucket + 1)
        {
            Varint.Write(output, ((bucket - next) << 1) | (count > 1 ? 1 : 0));
            if (count > 1)
            {
                Varint.Write(output, count - 2);
            }
        }
    }

    private static Sketches ReadSketches(ref ReadOnlySpan<byte> bytes, byte[] heads)
    {
        var sketches = new Sketches(new int[heads.Length], [], []);
        for (int i = 0; i < heads.Length; i++)
        {
            if ((heads[i] & SketchMask) != BucketsFollow)
            {
                continue;
            }

            int used = sketches.Used[i] = (int)Varint.ReadCount(ref bytes, LogarithmicBuckets.Count, "The number of buckets");
            long total = 0;
            for (int k = 0, next = 0; k < used; k++)
            {
                ulong told = Varint.ReadUnsigned(ref bytes);
                if (told >> 1 >= (ulong)(LogarithmicBuckets.Count - next))
                {
                    throw new InvalidDataException("A page contains a bucket beyond the last one.");
                }

                long count = (told & 1) == 0 ? 1 : 2 + Varint.ReadCount(ref bytes, long.MaxValue - 2, "The count of a bucket");
                total = count <= long.MaxValue - total ? total + count : throw new InvalidDataException("A sketch contains too many values.");
                sketches.Buckets.Add(next + (int)(told >> 1));
                sketches.Counts.Add(count);
                next = sketches.Buckets[^1] + 1;
            }

            if (total <= DurationSketch.ExactLimit)
            {
                throw new InvalidDataException("A sketch with buckets contains too few values.");
            }
        }

        return sketches;
    }

    /// <summary>Whether the summary can be derived from the values: minimum and maximum exactly, the sum up to rounding errors.</summary>
    private static bool IsDerived(ReadOnlySpan<double> values, Summary times)
    {
        var derived = Derive(values);
        return derived.Min == times.Min && derived.Max == times.Max && Math.Abs(derived.Sum - times.Sum) <= 1e-15 * Math.Abs(times.Sum);
    }

    private static Summary Derive(ReadOnlySpan<double> values)
    {
        var times = default(Summary);
        foreach (double value in values)
        {
            times = times.Add(value);
        }

        return times;
    }

    /// <summary>Removes rounding errors from a sum: durations are whole microseconds, so their sum is too.</summary>
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
