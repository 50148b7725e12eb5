using PerfPortal.Domain.Models.Downloads;
using PerfPortal.Domain.Models.Downloads.Hub;

namespace PerfPortal.Server.Models;

/// <summary>The downloads of this host. Those that ran when the portal stopped go on when it starts.</summary>
internal sealed class ModelDownloads(ModelDownloader downloader, HuggingFaceLayout hub, string? token)
{
    /// <summary>The downloads, the latest first.</summary>
    public IReadOnlyList<DownloadStatus> List() => [.. downloader.List().OrderByDescending(download => download.CreatedAt)];

    /// <summary>Returns a download, or <see langword="null"/> when the id is not known.</summary>
    public DownloadStatus? Find(Guid id) => downloader.Find(id);

    /// <summary>Starts a download. The files of a repository are listed first.</summary>
    /// <exception cref="ArgumentException">The order is not valid; the message names the member.</exception>
    /// <exception cref="Domain.Models.Downloads.Errors.DownloadException">The hub does not list the files.</exception>
    public async Task<DownloadStatus> StartAsync(DownloadOrder order, CancellationToken cancellationToken)
    {
        using var trace = CallerTrace.Enter();
        if (order.Repository is not { } repository)
        {
            return downloader.Start(new() { Name = order.Name, Directory = Path.Combine(order.Place, order.Name), Files = order.Files }).Status;
        }

        var layout = order.Layout ?? (ModelPlaces.IsHubCache(order.Place) ? SnapshotLayout.Cache : SnapshotLayout.Plain);
        var request = await hub.ListAsync(
            new()
            {
                Repository = repository,
                Revision = order.Revision,
                Directory = layout == SnapshotLayout.Cache ? order.Place : Path.Combine(order.Place, order.Name),
                Layout = layout,
                Token = token,
            },
            cancellationToken).ConfigureAwait(false);

        // The token comes from the settings at each request, so that a download can be resumed after a restart.
        return downloader.Start(request with { Name = order.Name, Authorization = null }).Status;
    }

    /// <summary>Cancels a download; what is there is kept.</summary>
    /// <returns>Whether it waited or ran.</returns>
    public bool Cancel(Guid id) => downloader.Cancel(id);

    /// <summary>Continues a download.</summary>
    /// <returns>The download, or <see langword="null"/> when it is not known, active or complete.</returns>
    public DownloadStatus? Resume(Guid id)
    {
        using var trace = CallerTrace.Enter();
        return downloader.Resume(id)?.Status;
    }

    /// <summary>Forgets a download that is not active; its files stay.</summary>
    /// <returns>Whether it was forgotten.</returns>
    public bool Remove(Guid id) => downloader.Remove(id);
}
