using System.Text;
using PerfPortal.Domain.Models.Files;

namespace PerfPortal.Domain.Models.Downloads.Files;

/// <summary>
/// The layout of the Hugging Face cache: <c>models--org--name/blobs/ID</c> holds the contents, <c>snapshots/COMMIT/PATH</c> links to them, <c>refs/REVISION</c> names the commit.
/// </summary>
internal static class SnapshotPlace
{
    /// <summary>The directory of a repository in a cache.</summary>
    public static string RepositoryFolder(string repository) => "models--" + repository.Replace("/", "--", StringComparison.Ordinal);

    /// <summary>The path of a content, relative to the cache.</summary>
    public static string Blob(string repository, string id) => $"{RepositoryFolder(repository)}/blobs/{id}";

    /// <summary>The path of a file of a snapshot, relative to the cache.</summary>
    public static string Link(string repository, string commit, string path) => $"{RepositoryFolder(repository)}/snapshots/{commit}/{path}";

    /// <summary>The path of the file that names the commit of a revision, relative to the cache.</summary>
    public static string Reference(string repository, string revision) => $"{RepositoryFolder(repository)}/refs/{revision}";

    /// <summary>Lets a link lead to a file, by a relative path. Where links are not allowed, the file is copied.</summary>
    /// <exception cref="Errors.DownloadException">Neither is possible.</exception>
    public static void PlaceLink(string link, string file) => DiskErrors.Guard(link, () =>
    {
        string directory = Path.GetDirectoryName(link)!;
        Directory.CreateDirectory(directory);
        string target = Path.GetRelativePath(directory, file);
        if (new FileInfo(link).LinkTarget == target)
        {
            return;
        }

        string temporary = link + ".tmp";
        File.Delete(temporary);
        try
        {
            File.CreateSymbolicLink(temporary, target);
        }
        catch (Exception exception) when (DiskErrors.IsDisk(exception) && OperatingSystem.IsWindows())
        {
            File.Copy(file, temporary);
        }

        File.Move(temporary, link, overwrite: true);
        DirectorySync.FlushParent(link);
    });

    /// <summary>Notes the commit of a revision.</summary>
    /// <exception cref="Errors.DownloadException">It could not be written.</exception>
    public static void PlaceReference(string path, string commit) => DiskErrors.Guard(path, () =>
    {
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        AtomicFile.Write(path, Encoding.ASCII.GetBytes(commit));
    });
}
