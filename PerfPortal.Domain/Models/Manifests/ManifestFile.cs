namespace PerfPortal.Domain.Models.Manifests;

/// <summary>A file that a model must have.</summary>
public sealed record ManifestFile
{
    /// <summary>The path below the model's directory, with <c>/</c> between the parts.</summary>
    public required string Path { get; init; }

    /// <summary>The size in bytes; <see langword="null"/> when unknown.</summary>
    public long? SizeBytes { get; init; }

    /// <summary>The SHA-256 of the content as 64 lower-case hexadecimal digits; <see langword="null"/> when unknown.</summary>
    public string? Sha256 { get; init; }

    /// <summary>The git object id of the content (SHA-1 of <c>blob SIZE\0</c> and the content), 40 lower-case hexadecimal digits; <see langword="null"/> when unknown.</summary>
    public string? GitSha1 { get; init; }

    /// <summary>Where the file can be downloaded, without credentials; <see langword="null"/> when unknown. A repair loads it from there.</summary>
    public string? Url { get; init; }

    /// <summary>Where the same file is too, without credentials; <see langword="null"/> when unknown.</summary>
    public IReadOnlyList<string>? Mirrors { get; init; }

    /// <summary>Whether a path stays below the directory that it is relative to: no empty part, no <c>.</c> or <c>..</c>, no root, no drive.</summary>
    public static bool IsSafe(string path) =>
        path.Length is > 0 and <= 1_024
        && !path.Contains('\\', StringComparison.Ordinal) && !path.Contains(':', StringComparison.Ordinal) && !path.Contains('\0', StringComparison.Ordinal)
        && path.Split('/').All(part => part is not ("" or "." or ".."));

    /// <summary>Whether a text is a hash of this many hexadecimal digits.</summary>
    internal static bool IsHash(string? text, int digits) => text?.Length == digits && text.All(char.IsAsciiHexDigit);
}
