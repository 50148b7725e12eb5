using PerfPortal.Domain.Statistics;

namespace PerfPortal.Tests.Statistics;

internal static class SketchBuckets
{
    /// <summary>The distinct values of a sketch, or the values that represent its buckets, with their counts, ascending.</summary>
    public static List<(double Value, long Count)> Buckets(this DurationSketch sketch)
    {
        if (sketch.BucketCounts is not { } buckets)
        {
            return [.. sketch.Exact.ToArray().GroupBy(value => value).Select(group => (group.Key, group.LongCount()))];
        }

        var found = new List<(double, long)>();
        for (int position = 0; buckets.MoveNext(ref position, out int bucket, out long count);)
        {
            found.Add((LogarithmicBuckets.ValueOf(bucket), count));
        }

        return found;
    }
}
