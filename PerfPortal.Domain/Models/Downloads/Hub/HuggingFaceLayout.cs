using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using PerfPortal.Domain.Models.Downloads.Errors;
using PerfPortal.Domain.Models.Downloads.Files;
using PerfPortal.Domain.Models.Downloads.Transport;
using PerfPortal.Domain.Text;

namespace PerfPortal.Domain.Models.Downloads.Hub;

/// <summary>How the files of a snapshot are placed.</summary>
public enum SnapshotLayout
{
    /// <summary>At their paths in the repository.</summary>
    Plain,

    /// <summary>As the Hugging Face libraries keep them, so that they find them: <c>models--org--name/{blobs,refs,snapshots}</c>.</summary>
    Cache,
}

/// <summary>A snapshot of a repository to download.</summary>
public sealed record SnapshotRequest
{
    /// <summary>The repository: <c>name</c> or <c>org/name</c>.</summary>
    public required string Repository { get; init; }

    /// <summary>The branch, tag or commit.</summary>
    public string Revision { get; init; } = "main";

    /// <summary>The directory of the files, or of the cache.</summary>
    public required string Directory { get; init; }

    /// <summary>How the files are placed.</summary>
    public SnapshotLayout Layout { get; init; }

    /// <summary>The access token, or <see langword="null"/>; kept in memory only.</summary>
    public string? Token { get; init; }

    /// <summary>Decides by its path whether a file is wanted; <see langword="null"/> wants all.</summary>
    public Func<string, bool>? Include { get; init; }
}

/// <summary>
/// Makes the list of files of a snapshot from a hub with the API of Hugging Face: each with its size and its hash, at the commit that the revision stands for now, so that all files belong together.
/// </summary>
public sealed class HuggingFaceLayout : IDisposable
{
    private const int MaxAnswerBytes = 64 << 20;
    private const int MaxPages = 1_000;
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    private readonly Uri _hub;
    private readonly SourceClient _client;
    private readonly TimeProvider _time;

    /// <summary>Creates it.</summary>
    /// <param name="hub">The address of the hub, such as <c>https://huggingface.co</c>.</param>
    /// <param name="options">The options of the downloader: how servers are reached.</param>
    /// <param name="time">The clock.</param>
    /// <param name="handler">Sends the requests instead; it must not follow redirects or decompress, and is not disposed.</param>
    public HuggingFaceLayout(Uri hub, DownloaderOptions options, TimeProvider time, HttpMessageHandler? handler = null)
    {
        _hub = SafeUrl.IsWeb(hub) ? new Uri(hub.AbsoluteUri.TrimEnd('/') + '/') : throw new ArgumentException("It must be an absolute http or https address.", nameof(hub));
        _time = time;
        _client = new(new(options, options.Proxy), time, handler);
    }

    /// <summary>Lists the files of a snapshot as a request for <see cref="ModelDownloader"/>.</summary>
    /// <exception cref="ArgumentException">The repository or revision is not valid.</exception>
    /// <exception cref="DownloadException">The hub does not list them.</exception>
    public async Task<DownloadRequest> ListAsync(SnapshotRequest snapshot, CancellationToken cancellationToken)
    {
        Check(snapshot);
        var credentials = new SourceCredentials(_hub, snapshot.Token is null ? null : "Bearer " + snapshot.Token, new Dictionary<string, string>());
        var revision = new Uri(_hub, $"api/models/{snapshot.Repository}/revision/{Uri.EscapeDataString(snapshot.Revision)}");
        var (answer, _) = await GetAsync(revision, snapshot, credentials, HubJson.Default.HubRevision, cancellationToken).ConfigureAwait(false);
        string commit = answer.Sha is { Length: > 0 and <= 64 } sha && sha.All(char.IsAsciiHexDigit) ? sha : throw Strange(revision);
        var files = await ListAsync(snapshot, commit, credentials, cancellationToken).ConfigureAwait(false);
        return new()
        {
            Name = snapshot.Repository,
            Directory = snapshot.Directory,
            Authorization = credentials.Authorization,
            Files = files.Count > 0 ? files : throw new DownloadException(DownloadErrorCategory.Server, $"{snapshot.Repository} has no files at {snapshot.Revision} that are wanted."),
            Snapshot = snapshot.Layout == SnapshotLayout.Cache ? new(snapshot.Repository, snapshot.Revision, commit) : null,
            Origin = new(SafeUrl.ForReports(_hub).TrimEnd('/'), snapshot.Repository, snapshot.Revision, commit),
        };
    }

    /// <inheritdoc/>
    public void Dispose() => _client.Dispose();

    /// <summary>The address of a file of a repository.</summary>
    internal static Uri AddressOf(Uri hub, string repository, string commit, string path) =>
        new(hub.AbsoluteUri.TrimEnd('/') + $"/{repository}/resolve/{commit}/{string.Join('/', path.Split('/').Select(Uri.EscapeDataString))}");

    private static void Check(SnapshotRequest snapshot)
    {
        string[] parts = snapshot.Repository.Split('/');
        if (parts.Length > 2 || parts.Any(part => part.Length is 0 or > 96 || part.Contains("--", StringComparison.Ordinal) || !part.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '.') || part[0] == '.'))
        {
            throw new ArgumentException("repository: A repository is name or org/name, of letters, digits, '-', '_' and '.'.", nameof(snapshot));
        }

        if (SafePath.Refuse(snapshot.Revision) is { } reason)
        {
            throw new ArgumentException($"revision: The revision '{snapshot.Revision}' is refused: {reason}.", nameof(snapshot));
        }
    }

    private async Task<List<DownloadFile>> ListAsync(SnapshotRequest snapshot, string commit, SourceCredentials credentials, CancellationToken cancellationToken)
    {
        var files = new List<DownloadFile>();
        Uri? page = new(_hub, $"api/models/{snapshot.Repository}/tree/{commit}?recursive=true");
        for (int pages = 0; page is not null; pages++)
        {
            if (pages == MaxPages || files.Count > DownloadRequest.MaxFiles)
            {
                throw new DownloadException(DownloadErrorCategory.Server, $"{snapshot.Repository} has more than {Format.Count(DownloadRequest.MaxFiles)} files.");
            }

            var (entries, next) = await GetAsync(page, snapshot, credentials, HubJson.Default.HubEntryArray, cancellationToken).ConfigureAwait(false);
            foreach (var entry in entries.Where(entry => entry is { Type: "file", Path: not null } && snapshot.Include?.Invoke(entry.Path) != false))
            {
                files.Add(FileOf(snapshot, commit, entry));
            }

            page = next;
        }

        return files;
    }

    private DownloadFile FileOf(SnapshotRequest snapshot, string commit, HubEntry entry)
    {
        string path = entry.Path!;
        string? id = entry.Lfs?.Oid ?? entry.Oid;
        if (SafePath.Refuse(path) is { } reason)
        {
            throw new DownloadException(DownloadErrorCategory.Server, $"{_hub.Host} lists a file whose path '{path}' is refused: {reason}.");
        }

        if (snapshot.Layout == SnapshotLayout.Cache && (id is null || SafePath.Refuse(id) is not null || !id.All(char.IsAsciiHexDigit)))
        {
            throw new DownloadException(DownloadErrorCategory.Server, $"{_hub.Host} lists {path} without an id.");
        }

        bool isCache = snapshot.Layout == SnapshotLayout.Cache;
        return new()
        {
            Url = AddressOf(_hub, snapshot.Repository, commit, path),
            Path = isCache ? SnapshotPlace.Blob(snapshot.Repository, id!) : path,
            LinkPath = isCache ? SnapshotPlace.Link(snapshot.Repository, commit, path) : null,
            Sha256 = entry.Lfs?.Oid,
            GitSha1 = entry.Lfs is null && entry.Oid?.Length == 40 ? entry.Oid : null,
            SizeBytes = entry.Lfs?.Size ?? entry.Size,
        };
    }

    /// <summary>Gets an answer, and the address of the next page.</summary>
    private async Task<(T Answer, Uri? Next)> GetAsync<T>(Uri uri, SnapshotRequest snapshot, SourceCredentials credentials, JsonTypeInfo<T> type, CancellationToken cancellationToken)
        where T : class
    {
        using var limit = new CancellationTokenSource(Limit, _time);
        using var linked = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, limit.Token);
        try
        {
            using var reply = await _client.GetAsync(uri, credentials, null, null, linked.Token).ConfigureAwait(false);
            if (HubRefusal.Of(reply, snapshot) is { } refusal)
            {
                throw refusal;
            }

            _client.EnsureSuccess(reply);
            await using var body = await reply.Response.Content.ReadAsStreamAsync(linked.Token).ConfigureAwait(false);
            await using var bounded = new BoundedStream(body, MaxAnswerBytes);
            var answer = await JsonSerializer.DeserializeAsync(bounded, type, linked.Token).ConfigureAwait(false) ?? throw Strange(uri);
            return (answer, NextPage(reply));
        }
        catch (JsonException exception)
        {
            throw Strange(uri, exception);
        }
        catch (OperationCanceledException exception) when (!cancellationToken.IsCancellationRequested)
        {
            throw new DownloadException(DownloadErrorCategory.Network, $"{uri.Host} did not answer within {Limit.TotalSeconds:0} s.", exception) { IsTransient = true };
        }
        catch (Exception exception) when (HttpErrors.IsConnection(exception))
        {
            throw HttpErrors.Of(exception, uri);
        }
    }

    /// <summary>The address in <c>Link: &lt;…&gt;; rel="next"</c>.</summary>
    private Uri? NextPage(SourceReply reply)
    {
        if (!reply.Response.Headers.TryGetValues("Link", out var values))
        {
            return null;
        }

        foreach (string link in values.SelectMany(value => value.Split(',')))
        {
            int end = link.IndexOf('>', StringComparison.Ordinal);
            if (link.TrimStart().StartsWith('<') && end > 0 && link[end..].Contains("rel=\"next\"", StringComparison.Ordinal))
            {
                var next = new Uri(reply.Uri, link[(link.IndexOf('<', StringComparison.Ordinal) + 1)..end]);
                return SafeUrl.IsSameOrigin(next, _hub) ? next : throw Strange(next);
            }
        }

        return null;
    }

    private static DownloadException Strange(Uri uri, Exception? inner = null) =>
        new(DownloadErrorCategory.Server, $"{SafeUrl.ForReports(uri)} did not answer what a hub answers.", inner);
}
