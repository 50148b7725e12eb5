namespace PerfPortal.Domain.Models.Health.Reading;

/// <summary>What a whole file hashes to.</summary>
/// <param name="Length">The bytes read.</param>
/// <param name="Sha256">The SHA-256, in lower-case hexadecimal digits.</param>
/// <param name="GitSha1">The git object id, in lower-case hexadecimal digits, if it was asked for.</param>
/// <param name="Blocks">The hashes of the blocks.</param>
internal sealed record FileDigest(long Length, string Sha256, string? GitSha1, UInt128[] Blocks);
