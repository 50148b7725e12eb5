namespace PerfPortal.Server.Storage.Blocks;

/// <summary>The compression effort when writing a block. Readers do not depend on it.</summary>
internal enum BlockCompression : byte
{
    /// <summary>No compression, for commits, where latency matters.</summary>
    None,

    /// <summary>Fast compression and selection of the best form of each column.</summary>
    Fast,

    /// <summary>Maximum compression, for data that is packed once and rarely read.</summary>
    Dense,
}
