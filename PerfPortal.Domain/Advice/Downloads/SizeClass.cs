using PerfPortal.Domain.Advice.History;

namespace PerfPortal.Domain.Advice.Downloads;

/// <summary>Downloads of comparable size: speed depends on the size, because a small file is over before the connection has reached its speed.</summary>
internal static class SizeClass
{
    /// <summary>The number of classes: below 1 MiB, 64 MiB, 1 GiB, and above.</summary>
    public const int Count = 4;

    private const double Mebi = 1 << 20;

    /// <summary>Returns the class of a size in bytes.</summary>
    public static int Of(double bytes) => bytes switch { < Mebi => 0, < 64 * Mebi => 1, < 1024 * Mebi => 2, _ => 3 };

    /// <summary>Returns a finer class, of sizes within a factor of two: what is compared with each other, rather than what is learned from.</summary>
    public static int Fine(double bytes) => (int)Math.Floor(Math.Log2(Math.Max(1, bytes)));

    /// <summary>
    /// Returns the successful downloads of known speed that are comparable with a size: those of its class, or of the class with the most when there are too few, or no size is given.
    /// </summary>
    public static List<PastDownload> Comparable(IReadOnlyList<PastDownload> downloads, long? size, out bool isOfSize)
    {
        var byClass = new List<PastDownload>[Count];
        for (int i = 0; i < Count; i++)
        {
            byClass[i] = [];
        }

        foreach (var download in downloads)
        {
            if (download is { Succeeded: true, Bytes: { } bytes, Speed: not null, Seconds: > 0 })
            {
                byClass[Of(bytes)].Add(download);
            }
        }

        if (size is { } asked && byClass[Of(asked)] is { Count: >= Confidence.MinSamples } same)
        {
            isOfSize = true;
            return same;
        }

        isOfSize = false;
        return byClass.OrderByDescending(list => list.Count).First();
    }
}
