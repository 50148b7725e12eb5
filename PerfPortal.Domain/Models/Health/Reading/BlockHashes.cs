using System.IO.Hashing;

namespace PerfPortal.Domain.Models.Health.Reading;

/// <summary>
/// The hashes of a file's blocks of 1 MiB (XXH3-128): they tell which bytes changed. They find accidents, not attackers; what a file must be is decided by SHA-256.
/// </summary>
internal static class BlockHashes
{
    /// <summary>The bytes of a block; the last one of a file may be shorter.</summary>
    public const int BlockSize = 1024 * 1024;

    /// <summary>The blocks of a file of this size; 0 for an empty one.</summary>
    public static int Count(long size) => checked((int)((size + BlockSize - 1) / BlockSize));

    /// <summary>The hash of a block.</summary>
    public static UInt128 Of(ReadOnlySpan<byte> block) => XxHash128.HashToUInt128(block);

    /// <summary>The bytes of those blocks of <paramref name="actual"/> that differ from the trusted ones, and the bytes that are missing at the end.</summary>
    public static List<Results.ByteRange> Damaged(ReadOnlySpan<UInt128> trusted, long trustedSize, ReadOnlySpan<UInt128> actual, long actualSize)
    {
        List<Results.ByteRange> ranges = [];
        for (int i = 0; i < trusted.Length; i++)
        {
            if (i < actual.Length && trusted[i] == actual[i])
            {
                continue;
            }

            long begin = (long)i * BlockSize;
            // A block that was only cut off counts from where it ends.
            long from = i == actual.Length ? Math.Max(begin, Math.Min(actualSize, trustedSize)) : begin;
            long end = Math.Min(begin + BlockSize, trustedSize);
            if (end <= from)
            {
                continue;
            }

            if (ranges.Count > 0 && ranges[^1].Offset + ranges[^1].Length == from)
            {
                ranges[^1] = new(ranges[^1].Offset, end - ranges[^1].Offset);
            }
            else
            {
                ranges.Add(new(from, end - from));
            }
        }

        return ranges;
    }

    /// <summary>The share of the trusted blocks that are still the same, 0–1.</summary>
    public static double ShareOf(ReadOnlySpan<UInt128> trusted, ReadOnlySpan<UInt128> actual)
    {
        int same = 0;
        for (int i = 0; i < Math.Min(trusted.Length, actual.Length); i++)
        {
            same += trusted[i] == actual[i] ? 1 : 0;
        }

        return trusted.Length == 0 ? 0 : (double)same / trusted.Length;
    }
}
