namespace PerfPortal.Domain.Advice.Downloads;

/// <summary>How many connections a file can keep busy: each needs a piece that is worth a request of its own.</summary>
internal static class UsefulConnections
{
    /// <summary>A file up to this size is not divided, bytes.</summary>
    public const long Undivided = 1 << 20;

    /// <summary>The smallest piece, bytes.</summary>
    public const long SmallestPiece = 512 << 10;

    /// <summary>Returns the connections that a file of a size can keep busy, at least 1.</summary>
    public static int Of(double bytes) => bytes <= Undivided ? 1 : (int)Math.Min(int.MaxValue, Math.Floor((bytes / SmallestPiece) + 0.5));
}
