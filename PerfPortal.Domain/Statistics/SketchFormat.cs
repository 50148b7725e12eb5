using System.Buffers;

namespace PerfPortal.Domain.Statistics;

/// <summary>
/// The bytes of a sketch. First one byte: 0–4 says that as many values follow (ascending, each as <see cref="Varint.WriteDouble"/> writes it);
/// 5 that buckets follow: their number, then for each the distance to the bucket before (the first: its index; next neighbours: 0) and its count.
/// </summary>
internal static class SketchFormat
{
    private const byte BucketsFollow = DurationSketch.ExactLimit + 1;

    public static void Write(DurationSketch sketch, IBufferWriter<byte> output)
    {
        var buckets = sketch.BucketCounts;
        if (buckets is null)
        {
            Varint.Write(output, sketch.Count);
            foreach (double value in sketch.Exact)
            {
                Varint.WriteDouble(output, value);
            }

            return;
        }

        Varint.Write(output, BucketsFollow);
        int used = 0;
        for (int position = 0; buckets.MoveNext(ref position, out _, out _);)
        {
            used++;
        }

        Varint.Write(output, used);
        int next = 0;
        for (int position = 0; buckets.MoveNext(ref position, out int bucket, out long count); next = bucket + 1)
        {
            Varint.Write(output, bucket - next);
            Varint.Write(output, count);
        }
    }

    public static DurationSketch Read(ref ReadOnlySpan<byte> bytes)
    {
        byte kind = Varint.ReadByte(ref bytes);
        return kind switch
        {
            < BucketsFollow => ReadValues(ref bytes, kind),
            BucketsFollow => ReadBuckets(ref bytes),
            _ => throw new InvalidDataException($"A sketch begins with 0–{BucketsFollow}, not with {kind}."),
        };
    }

    private static DurationSketch ReadValues(ref ReadOnlySpan<byte> bytes, int values)
    {
        var sketch = new DurationSketch();
        double before = 0.0;
        for (int i = 0; i < values; i++)
        {
            double value = Varint.ReadDouble(ref bytes);
            if (value < before || LogarithmicBuckets.Normalize(value) != value)
            {
                throw new InvalidDataException("A sketch holds a value out of range or out of order.");
            }

            sketch.AddNormalized(value, 1);
            before = value;
        }

        return sketch;
    }

    private static DurationSketch ReadBuckets(ref ReadOnlySpan<byte> bytes)
    {
        long used = Varint.ReadCount(ref bytes, LogarithmicBuckets.Count, "The number of buckets");
        var buckets = new BucketCounts();
        long total = 0;
        int next = 0;
        for (int i = 0; i < used; i++)
        {
            if (next == LogarithmicBuckets.Count)
            {
                throw new InvalidDataException("A sketch holds a bucket beyond the last.");
            }

            int bucket = next + (int)Varint.ReadCount(ref bytes, LogarithmicBuckets.Count - 1 - next, "The distance to a bucket");
            long count = Varint.ReadCount(ref bytes, long.MaxValue - total, "The count of a bucket");
            if (count == 0)
            {
                throw new InvalidDataException("A bucket is empty.");
            }

            buckets.Add(bucket, count);
            total += count;
            next = bucket + 1;
        }

        return total > DurationSketch.ExactLimit
            ? DurationSketch.Restore(buckets, total)
            : throw new InvalidDataException("A sketch of buckets holds too few values.");
    }
}
