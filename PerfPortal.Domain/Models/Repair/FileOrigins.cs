using PerfPortal.Domain.Models.Downloads;
using PerfPortal.Domain.Models.Downloads.Files;
using PerfPortal.Domain.Models.Downloads.Hub;
using PerfPortal.Domain.Models.Downloads.Transport;
using PerfPortal.Domain.Models.Health.Discovery;
using PerfPortal.Domain.Models.Health.Results;
using PerfPortal.Domain.Models.Manifests;

namespace PerfPortal.Domain.Models.Repair;

/// <summary>
/// Where the files of a model came from, by what lies beside them: the manifest in its directory, which notes the addresses, or the layout of the Hugging Face cache, which names repository, commit
/// and content. So a directory that another program brought, or that was copied, can be repaired too.
/// </summary>
internal sealed class FileOrigins
{
    private const int CommitDigits = 40;

    private readonly string _directory;
    private readonly Uri? _hub;
    private readonly (string Root, string Repository, string Commit)? _cache;
    private readonly Dictionary<string, ManifestFile> _noted = new(StringComparer.Ordinal);

    /// <summary>Reads what is known of a directory.</summary>
    /// <param name="directory">The directory of the model.</param>
    /// <param name="hub">The address of the hub; <see langword="null"/> for none.</param>
    public FileOrigins(string directory, Uri? hub)
    {
        _directory = directory;
        _hub = hub;
        _cache = CacheOf(directory);
        try
        {
            foreach (var file in ModelManifest.Read(directory)?.Files ?? [])
            {
                _noted.TryAdd(file.Path, file);
            }
        }
        catch (Exception exception) when (exception is InvalidDataException or IOException or UnauthorizedAccessException)
        {
            // The health check says so.
        }
    }

    /// <summary>The directory below which a repair places files: the cache for a snapshot of it, otherwise that of the model.</summary>
    public string Root => _cache?.Root ?? _directory;

    /// <summary>The directory below which a repair of a model places files.</summary>
    public static string RootOf(string directory) => CacheOf(directory)?.Root ?? directory;

    /// <summary>Returns where a file comes from and where it goes; <see langword="null"/> when nothing says so.</summary>
    public DownloadFile? Find(RepairStep step) => _cache is { } cache ? FromHub(step, cache) : FromManifest(step);

    private static (string Root, string Repository, string Commit)? CacheOf(string directory)
    {
        var snapshot = new DirectoryInfo(directory);
        return snapshot.Parent is { Name: "snapshots", Parent: { Parent: { } root } repository } && HubCache.Is(repository.FullName) && snapshot.Name.Length >= CommitDigits && snapshot.Name.All(char.IsAsciiHexDigit)
            ? (root.FullName, HubCache.NameOf(repository.FullName), snapshot.Name) : null;
    }

    private DownloadFile? FromManifest(RepairStep step) => _noted.GetValueOrDefault(step.File) is { Url: { } url } file && WebAddress(url) is { } address
        ? new() { Url = address, Path = step.File, Mirrors = [.. (file.Mirrors ?? []).Select(WebAddress).OfType<Uri>().Take(DownloadFile.MaxMirrors)] } : null;

    private DownloadFile? FromHub(RepairStep step, (string Root, string Repository, string Commit) cache)
    {
        // The name of the blob says what its content must be; without a link, only the hash of the step does.
        string? id = step.Sha256 ?? step.GitSha1;
        string link = Path.Combine(_directory, step.File);
        string? target = new FileInfo(link).LinkTarget is { } relative ? Path.GetFileName(relative) : id;
        return _hub is null || id is null || target is null || target != id ? null : new()
        {
            Url = HuggingFaceLayout.AddressOf(_hub, cache.Repository, cache.Commit, step.File),
            Path = SnapshotPlace.Blob(cache.Repository, id),
            LinkPath = SnapshotPlace.Link(cache.Repository, cache.Commit, step.File),
        };
    }

    private static Uri? WebAddress(string text) => Uri.TryCreate(text, UriKind.Absolute, out var uri) && SafeUrl.IsWeb(uri) && uri.UserInfo.Length == 0 ? uri : null;
}
