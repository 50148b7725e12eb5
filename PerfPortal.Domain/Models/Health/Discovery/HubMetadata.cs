using System.Text;
using PerfPortal.Domain.Models.Files;
using PerfPortal.Domain.Models.Manifests;

namespace PerfPortal.Domain.Models.Health.Discovery;

/// <summary>
/// What the hub's client notes beside files that it downloads into a plain directory: <c>.cache/huggingface/download/PATH.metadata</c> has three lines, the second of which is the hash of the file.
/// </summary>
internal static class HubMetadata
{
    private const string Folder = ".cache/huggingface/download/";
    private const int MaxBytes = 4_096;

    /// <summary>What a file should be, if the client noted it.</summary>
    public static ManifestFile? Of(string directory, string path)
    {
        try
        {
            string note = Path.Combine(directory, Folder + path + ".metadata");
            return RegularFile.Exists(note) && Encoding.UTF8.GetString(RegularFile.ReadAllBytes(note, MaxBytes)).Split('\n').ElementAtOrDefault(1)?.Trim() is { } hash ? From(path, hash) : null;
        }
        catch (Exception exception) when (exception is IOException or InvalidDataException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    /// <summary>A file whose hash is a blob name of the hub: a SHA-256 for large files, a git object id for small ones.</summary>
    /// <returns><see langword="null"/> when it is neither.</returns>
    public static ManifestFile? From(string path, string hash) =>
        ManifestFile.IsHash(hash, 64) ? new() { Path = path, Sha256 = hash.ToLowerInvariant() }
        : ManifestFile.IsHash(hash, 40) ? new() { Path = path, GitSha1 = hash.ToLowerInvariant() }
        : null;
}
