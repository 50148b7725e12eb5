using System.Text;
using PerfPortal.Domain.Models.Files;
using PerfPortal.Domain.Models.Health.Results;

namespace PerfPortal.Domain.Models.Health.Discovery;

/// <summary>
/// A repository in the cache of the Hugging Face client: <c>models--ORG--NAME</c> with <c>refs/BRANCH</c> (a commit), <c>snapshots/COMMIT</c> (links) and <c>blobs/HASH</c> (the contents).
/// </summary>
internal static class HubCache
{
    private const string Prefix = "models--";
    private const int MaxReferenceBytes = 200;

    /// <summary>Whether a directory is such a repository.</summary>
    public static bool Is(string directory) =>
        Path.GetFileName(directory).StartsWith(Prefix, StringComparison.Ordinal)
        && (Directory.Exists(Path.Combine(directory, "snapshots")) || Directory.Exists(Path.Combine(directory, "blobs")));

    /// <summary>The name of a repository: <c>ORG/NAME</c>.</summary>
    public static string NameOf(string directory) => Path.GetFileName(directory)[Prefix.Length..].Replace("--", "/", StringComparison.Ordinal);

    /// <summary>Reads a repository.</summary>
    /// <param name="directory">The directory.</param>
    /// <param name="walk">Lists the files of a snapshot.</param>
    public static ModelLocation Read(string directory, DirectoryWalk walk)
    {
        List<HealthReason> reasons = [];
        string? snapshot = SnapshotOf(directory);
        List<LocatedFile> files = [];
        if (snapshot is null)
        {
            reasons.Add(new("", HealthReasonKinds.Missing, null, null, "The cache has no snapshot of the model: the download has not ended.", HealthSeverity.Error));
        }
        else
        {
            files.AddRange(walk.FilesBelow(snapshot).Select(path => Locate(snapshot, path)));
        }

        reasons.AddRange(Unfinished(Path.Combine(directory, "blobs")));
        return new(NameOf(directory), snapshot ?? directory, files, reasons);
    }

    private static LocatedFile Locate(string snapshot, string path)
    {
        string full = Path.Combine(snapshot, path);
        string? target = new FileInfo(full).LinkTarget;
        var expected = target is null ? null : HubMetadata.From(path, Path.GetFileName(target));
        return new(path, full, RegularFile.KindOf(full), expected, "the hub cache");
    }

    private static string? SnapshotOf(string directory)
    {
        string snapshots = Path.Combine(directory, "snapshots");
        string main = Path.Combine(directory, "refs", "main");
        if (RegularFile.Exists(main) && new FileInfo(main).Length < MaxReferenceBytes)
        {
            string commit = Encoding.UTF8.GetString(RegularFile.ReadAllBytes(main, MaxReferenceBytes)).Trim();
            if (Manifests.ManifestFile.IsSafe(commit) && Directory.Exists(Path.Combine(snapshots, commit)))
            {
                return Path.Combine(snapshots, commit);
            }
        }

        return Directory.Exists(snapshots) ? new DirectoryInfo(snapshots).EnumerateDirectories().OrderByDescending(entry => entry.LastWriteTimeUtc).FirstOrDefault()?.FullName : null;
    }

    private static IEnumerable<HealthReason> Unfinished(string blobs)
    {
        if (!Directory.Exists(blobs))
        {
            yield break;
        }

        foreach (string file in Directory.EnumerateFiles(blobs, "*.incomplete").Take(20))
        {
            string name = Path.GetFileName(file);
            bool isOld = File.Exists(Path.Combine(blobs, name[..name.IndexOf('.', StringComparison.Ordinal)]));
            yield return new(
                "../../blobs/" + name, HealthReasonKinds.PartialDownload, null, null,
                isOld ? "A part of a download that was later finished is left over; it can be deleted." : "A download into the cache has not ended.",
                isOld ? HealthSeverity.Info : HealthSeverity.Error);
        }
    }
}
