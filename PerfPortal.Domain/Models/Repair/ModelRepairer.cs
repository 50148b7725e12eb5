using PerfPortal.Domain.Models.Downloads;
using PerfPortal.Domain.Models.Downloads.Transport;
using PerfPortal.Domain.Models.Health.Results;

namespace PerfPortal.Domain.Models.Repair;

/// <summary>
/// Repairs models by downloading what a health check found damaged or missing, in the order of its advice: only the damaged bytes of a file where they are known and a hash decides in the end, otherwise
/// the whole file. Where a file comes from is noted in the manifest of its directory, follows from the layout of the Hugging Face cache, or is known from a remembered download. Thread-safe.
/// </summary>
/// <param name="downloader">Loads the files.</param>
/// <param name="hub">The address of the hub from which a Hugging Face cache comes; <see langword="null"/> when there is none.</param>
public sealed class ModelRepairer(ModelDownloader downloader, Uri? hub = null)
{
    /// <summary>What is remembered of downloads now. Given to the plans of several models, their files are looked through once and not for each model.</summary>
    public RememberedDownloads Recall() => new(downloader.Remembered());

    /// <summary>Plans the repair of a model, as its last check found it.</summary>
    /// <param name="model">The model.</param>
    /// <param name="remembered">What is remembered of downloads; it is looked up when <see langword="null"/>.</param>
    /// <returns><see langword="null"/> when there is nothing to repair.</returns>
    public RepairPlan? Plan(ModelHealth model, RememberedDownloads? remembered = null)
    {
        if (model.Repair is not { Steps.Count: > 0 } advice)
        {
            return null;
        }

        var origins = new FileOrigins(model.Directory, hub);
        remembered ??= RememberedDownloads.Around(origins.Root, downloader.Remembered());
        var files = advice.Steps.Select(step => Resolve(step, origins, remembered.Find(RememberedDownloads.PathOf(model.Directory, step.File)))).ToList();
        return new(model.Name, model.Directory, [.. files.Select(file => file.Planned)])
        {
            Request = RequestOf(model.Name, origins.Root, [.. files.Where(file => file.Planned.Source is not null)]),
        };
    }

    /// <summary>Starts a repair; files that are already right are kept, and those without an origin are left out.</summary>
    /// <returns>The download, or <see langword="null"/> when no origin is known.</returns>
    /// <exception cref="ArgumentException">A path is refused; the message names it.</exception>
    /// <exception cref="ObjectDisposedException">The downloader is disposed.</exception>
    public DownloadHandle? Start(RepairPlan plan) => plan.Request is { } request ? downloader.Start(request) : null;

    /// <summary>Returns the download that loads one of the files of a plan now, or waits to do so; <see langword="null"/> when none does.</summary>
    /// <param name="plan">The plan.</param>
    /// <param name="remembered">What is remembered of downloads; it is looked up when <see langword="null"/>.</param>
    public DownloadStatus? FindRunning(RepairPlan plan, RememberedDownloads? remembered = null) =>
        (remembered ?? new(downloader.Remembered().Where(job => job.IsActive))).FindRunning(plan.Files.Select(file => RememberedDownloads.PathOf(plan.Directory, file.Step.File)));

    /// <summary>Returns the latest repair of a model; <see langword="null"/> when none is remembered.</summary>
    public DownloadStatus? FindLast(ModelHealth model)
    {
        string root = FileOrigins.RootOf(model.Directory);
        return downloader.Remembered().FirstOrDefault(job => job.Request.IsRepair && job.Request.DisplayName == Cut(model.Name) && job.Request.Directory == root)?.Status;
    }

    private static Resolved Resolve(RepairStep step, FileOrigins origins, IReadOnlyList<RememberedFile> remembered)
    {
        var noted = origins.Find(step);
        foreach (var (loaded, request, _, _) in remembered)
        {
            // Of the address that is noted, a remembered download knows what is not written down.
            if (noted is null || SafeUrl.ForReports(loaded.Url) == SafeUrl.ForReports(noted.Url))
            {
                var place = noted ?? Place(loaded, request.Directory, origins.Root);
                return place is null ? new(new(step, null), null) : new(Complete(step, place with { Url = loaded.Url, Mirrors = loaded.Mirrors }, loaded), request);
            }
        }

        return new(noted is null ? new(step, null) : Complete(step, noted, null), null);
    }

    /// <summary>The file below the root of the model, if it was downloaded below it.</summary>
    private static DownloadFile? Place(DownloadFile loaded, string directory, string root)
    {
        string path = Path.GetRelativePath(root, RememberedDownloads.PathOf(directory, loaded.Path)).Replace(Path.DirectorySeparatorChar, '/');
        string? link = loaded.LinkPath is null ? null : Path.GetRelativePath(root, RememberedDownloads.PathOf(directory, loaded.LinkPath)).Replace(Path.DirectorySeparatorChar, '/');
        return path.StartsWith("../", StringComparison.Ordinal) || link?.StartsWith("../", StringComparison.Ordinal) == true ? null : loaded with { Path = path, LinkPath = link };
    }

    /// <summary>What the check knows decides what the file must be; what a download was told fills in the rest.</summary>
    private static RepairFile Complete(RepairStep step, DownloadFile place, DownloadFile? loaded)
    {
        bool isKnown = step.Sha256 is not null || step.GitSha1 is not null;
        var file = place with
        {
            Sha256 = isKnown ? step.Sha256 : loaded?.Sha256,
            GitSha1 = isKnown ? step.GitSha1 : loaded?.GitSha1,
            SizeBytes = step.SizeBytes ?? (isKnown ? null : loaded?.SizeBytes),
            Damage = isKnown && step.SizeBytes is not null && step.Ranges.Count <= DownloadFile.MaxDamage ? [.. step.Ranges.Select(range => new DamagedBytes(range.Offset, range.Length))] : [],
        };
        return new(step, DownloadRequest.Refuse(file) is null ? file : null);
    }

    /// <summary>The credentials of a remembered download go along only if all files come from its addresses.</summary>
    private static DownloadRequest? RequestOf(string model, string root, IReadOnlyList<Resolved> files)
    {
        if (files.Count == 0)
        {
            return null;
        }

        var request = new DownloadRequest { Name = Cut(model), Directory = root, Files = [.. files.Select(file => file.Planned.Source!)], IsRepair = true };
        return files[0].Request is { } origin && files.All(file => file.Request == origin)
            ? request with { Authorization = origin.Authorization, Headers = origin.Headers, Proxy = origin.Proxy } : request;
    }

    private static string Cut(string name) => name.Length <= DownloadRequest.MaxNameCharacters ? name : name[^DownloadRequest.MaxNameCharacters..];

    private sealed record Resolved(RepairFile Planned, DownloadRequest? Request);
}
