namespace PerfPortal.Server.Storage.Blocks;

/// <summary>How much work is spent to make a block small. A reader need not know.</summary>
internal enum BlockCompression : byte
{
    /// <summary>None: for a commit, which somebody waits for.</summary>
    None,

    /// <summary>A quick compressor and a choice among the forms of each column.</summary>
    Fast,

    /// <summary>The smallest: for what is packed once and read seldom.</summary>
    Dense,
}
