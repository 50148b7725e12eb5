namespace PerfPortal.Domain.Models.Health.Results;

/// <summary>Bytes of a file.</summary>
/// <param name="Offset">The first byte, from 0.</param>
/// <param name="Length">The number of bytes, at least 1.</param>
public readonly record struct ByteRange(long Offset, long Length);

/// <summary>A file to download again.</summary>
/// <param name="Rank">The place in the order, from 1.</param>
/// <param name="File">The file, relative to the model's directory.</param>
/// <param name="Ranges">The damaged bytes, in order, if they are known; empty for the whole file.</param>
/// <param name="Bytes">The bytes to download, at least 0; <see langword="null"/> when the size of the file is unknown.</param>
/// <param name="Sentence">What to do and why there in the order, in one sentence.</param>
public sealed record RepairStep(int Rank, string File, IReadOnlyList<ByteRange> Ranges, long? Bytes, string Sentence)
{
    /// <summary>The size that the file must have, in bytes; <see langword="null"/> when unknown.</summary>
    public long? SizeBytes { get; init; }

    /// <summary>The SHA-256 that the file must have, published or trusted since a check; <see langword="null"/> when unknown.</summary>
    public string? Sha256 { get; init; }

    /// <summary>The git object id that the file must have; <see langword="null"/> when unknown.</summary>
    public string? GitSha1 { get; init; }
}

/// <summary>How to repair a model. First what says which other files there must be (manifests and indexes), then configuration and tokenizer, then weights, smaller downloads first.</summary>
/// <param name="Steps">The downloads, in order.</param>
/// <param name="EstimatedBytes">The bytes of all the steps whose size is known.</param>
public sealed record RepairAdvice(IReadOnlyList<RepairStep> Steps, long EstimatedBytes);
