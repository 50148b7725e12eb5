using System.Globalization;

namespace PerfPortal.Benchmarks.Workload.Server;

/// <summary>A range of a file (RFC 9110, 14.2). Several ranges and other units are answered with the whole file, as the RFC allows.</summary>
/// <param name="From">The first byte.</param>
/// <param name="Length">The number of bytes, at least 1.</param>
internal readonly record struct ByteRange(long From, long Length)
{
    private const string Unit = "bytes=";

    /// <summary>Reads a <c>Range</c> header.</summary>
    /// <param name="header">The header, if any.</param>
    /// <param name="length">The length of the file.</param>
    /// <returns>The range, or <see langword="null"/> for the whole file; and whether the range lies outside the file.</returns>
    public static (ByteRange? Range, bool IsOutside) Parse(string? header, long length)
    {
        if (header is null || !header.StartsWith(Unit, StringComparison.OrdinalIgnoreCase))
        {
            return (null, false);
        }

        string[] ends = header[Unit.Length..].Trim().Split('-');
        if (ends.Length != 2 || !TryRead(ends[0], out long? from) || !TryRead(ends[1], out long? to) || (from is null && to is null) || to < from)
        {
            return (null, false);
        }

        if (from is null)
        {
            long last = Math.Min(to!.Value, length);
            return last == 0 ? (null, true) : (new(length - last, last), false);
        }

        return from >= length ? (null, true) : (new(from.Value, Math.Min(to ?? long.MaxValue, length - 1) - from.Value + 1), false);
    }

    private static bool TryRead(string text, out long? number)
    {
        bool isRead = long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out long read);
        number = isRead ? read : null;
        return isRead || text.Length == 0;
    }
}
