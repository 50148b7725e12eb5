using PerfPortal.Domain.Models.Files;
using PerfPortal.Domain.Models.Manifests;

namespace PerfPortal.Domain.Models.Health.Discovery;

/// <summary>Lists of hashes as <c>sha256sum</c> writes them: <c>HASH  PATH</c> or <c>HASH *PATH</c> a line; and <c>NAME.sha256</c>, which may have the hash alone.</summary>
internal static class ChecksumFiles
{
    private const long MaxBytes = 4 * 1024 * 1024;

    /// <summary>Whether a file is such a list.</summary>
    public static bool Is(string name) =>
        name is "SHA256SUMS" or "SHA256SUM" or "sha256sum.txt" or "sha256sums.txt" or "SHA256SUMS.txt" or "checksums.sha256" || name.EndsWith(".sha256", StringComparison.OrdinalIgnoreCase);

    /// <summary>Reads a list. Lines that are none of a checksum list, and paths that leave the directory, are left out.</summary>
    /// <param name="fullPath">The file.</param>
    /// <param name="directory">Its directory below the model's, with a <c>/</c> at the end, or empty.</param>
    /// <exception cref="IOException">It is not a file, or cannot be read.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be read.</exception>
    public static IEnumerable<ManifestFile> Read(string fullPath, string directory)
    {
        using var text = new StreamReader(RegularFile.OpenStream(fullPath));
        if (text.BaseStream.Length > MaxBytes)
        {
            yield break;
        }

        string name = Path.GetFileName(fullPath);
        for (int i = 0; i < ModelManifest.MaxFiles && text.ReadLine() is { } line; i++)
        {
            string entry = line.Trim();
            if (entry.Length < 64 || !ManifestFile.IsHash(entry[..64], 64))
            {
                continue;
            }

            string path = entry[64..].TrimStart(' ', '\t').TrimStart('*');
            path = path.StartsWith("./", StringComparison.Ordinal) ? path[2..] : path;
            if (path.Length == 0 && name.EndsWith(".sha256", StringComparison.OrdinalIgnoreCase))
            {
                path = name[..^".sha256".Length];
            }

            if (ManifestFile.IsSafe(path))
            {
                yield return new() { Path = directory + path, Sha256 = entry[..64].ToLowerInvariant() };
            }
        }
    }
}
