using PerfPortal.Domain.Models.Downloads.Ranges;
using PerfPortal.Domain.Models.Downloads.Transport;

namespace PerfPortal.Domain.Models.Downloads.Transfers;

/// <summary>One address of a file.</summary>
/// <param name="Uri">The address.</param>
/// <param name="Credentials">What is sent to it, or <see langword="null"/>.</param>
internal sealed record TransferSource(Uri Uri, SourceCredentials? Credentials);

/// <summary>One file to load.</summary>
internal sealed record TransferSpec
{
    /// <summary>The name for people: the relative path.</summary>
    public required string Label { get; init; }

    /// <summary>The full path of the file.</summary>
    public required string Path { get; init; }

    /// <summary>The addresses in the order in which they are tried, at least one.</summary>
    public required IReadOnlyList<TransferSource> Sources { get; init; }

    /// <summary>The SHA-256 that it must have, or <see langword="null"/>.</summary>
    public string? Sha256 { get; init; }

    /// <summary>The id that Git must give it, or <see langword="null"/>.</summary>
    public string? GitSha1 { get; init; }

    /// <summary>The size in bytes that it must have, or <see langword="null"/>.</summary>
    public long? Size { get; init; }

    /// <summary>The bytes to load into the file that is there, in any order; empty for the whole file.</summary>
    public IReadOnlyList<ByteRange> Damage { get; init; } = [];

    /// <summary>Whether the file that is there is known to be damaged, so that only a hash can say that it is right.</summary>
    public bool IsRepair { get; init; }

    /// <summary>Whether a hash decides about the content.</summary>
    public bool HasHash => Sha256 is not null || GitSha1 is not null;
}

/// <summary>How a file ended.</summary>
/// <param name="Size">Its size in bytes.</param>
/// <param name="Sha256">Its SHA-256, or <see langword="null"/> when it was there and has not been read.</param>
/// <param name="IsVerified">Whether it has the expected hash.</param>
/// <param name="WasThere">Whether it was there already.</param>
internal sealed record TransferOutcome(long Size, string? Sha256, bool IsVerified, bool WasThere);

/// <summary>Says that what was loaded cannot be continued, and the file has to be loaded from its beginning.</summary>
/// <param name="reason">Why, as the end of the sentence "X was started again because …".</param>
internal sealed class StartAgainException(string reason) : Exception(reason)
{
    /// <summary>Whether the next attempt should load the file over one connection without ranges.</summary>
    public bool WithoutRanges { get; init; }

    /// <summary>Whether everything arrived, but is not what was expected.</summary>
    public bool IsMismatch { get; init; }
}
