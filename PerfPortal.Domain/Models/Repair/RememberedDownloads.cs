using PerfPortal.Domain.Models.Downloads;

namespace PerfPortal.Domain.Models.Repair;

/// <summary>The files of downloads that are remembered, by their full paths, as they were when it was made. Thread-safe.</summary>
public sealed class RememberedDownloads
{
    private readonly Lazy<Dictionary<string, List<RememberedFile>>> _files;

    /// <summary>Remembers downloads; their files are looked through when one is asked for.</summary>
    /// <param name="jobs">The downloads, the latest first.</param>
    internal RememberedDownloads(IEnumerable<DownloadJob> jobs) => _files = new(() => Index(jobs));

    /// <summary>The downloads that may have files below a directory.</summary>
    internal static RememberedDownloads Around(string root, IReadOnlyList<DownloadJob> jobs) =>
        new(jobs.Where(job => IsBelow(job.Request.Directory, root) || IsBelow(root, job.Request.Directory)));

    /// <summary>The full path of a file; neither leaves its directory, for both were checked.</summary>
    internal static string PathOf(string directory, string path) => Path.Join(directory, path.Replace('/', Path.DirectorySeparatorChar));

    /// <summary>The files that were loaded to a path, those of the latest download first.</summary>
    internal IReadOnlyList<RememberedFile> Find(string path) => _files.Value.GetValueOrDefault(path) ?? [];

    /// <summary>The latest download that loads one of some paths now, or waits to do so; <see langword="null"/> when none does.</summary>
    internal DownloadStatus? FindRunning(IEnumerable<string> paths) =>
        paths.SelectMany(Find).Where(file => file.Job.IsActive).MinBy(file => file.Age)?.Job.Status;

    private static bool IsBelow(string directory, string root) =>
        directory == root || directory.StartsWith(Path.TrimEndingDirectorySeparator(root) + Path.DirectorySeparatorChar, StringComparison.Ordinal);

    private static Dictionary<string, List<RememberedFile>> Index(IEnumerable<DownloadJob> jobs)
    {
        var known = new Dictionary<string, List<RememberedFile>>(StringComparer.Ordinal);
        foreach (var (age, job) in jobs.Index())
        {
            var request = job.Request;
            foreach (var file in request.Files)
            {
                string path = PathOf(request.Directory, file.LinkPath ?? file.Path);
                if (!known.TryGetValue(path, out var files))
                {
                    known.Add(path, files = []);
                }

                files.Add(new(file, request, job, age));
            }
        }

        return known;
    }
}

/// <summary>A file of a download.</summary>
/// <param name="File">The file.</param>
/// <param name="Request">What was asked for.</param>
/// <param name="Job">The download.</param>
/// <param name="Age">The number of later downloads.</param>
internal sealed record RememberedFile(DownloadFile File, DownloadRequest Request, DownloadJob Job, int Age);
