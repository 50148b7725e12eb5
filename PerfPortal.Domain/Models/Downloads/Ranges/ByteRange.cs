namespace PerfPortal.Domain.Models.Downloads.Ranges;

/// <summary>Consecutive bytes of a file.</summary>
/// <param name="Start">The position of the first byte, at least 0.</param>
/// <param name="End">The position behind the last byte, at least <paramref name="Start"/>.</param>
internal readonly record struct ByteRange(long Start, long End)
{
    /// <summary>The number of bytes.</summary>
    public long Length => End - Start;
}
