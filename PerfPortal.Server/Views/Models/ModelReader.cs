using PerfPortal.Domain.Models.Downloads;
using PerfPortal.Domain.Models.Health;
using PerfPortal.Domain.Models.Health.Results;
using PerfPortal.Domain.Models.Repair;
using PerfPortal.Server.Models;
using PerfPortal.Server.Wire;

namespace PerfPortal.Server.Views.Models;

/// <summary>The models and downloads of the portal's host, for the page and the endpoints.</summary>
internal sealed class ModelReader(ModelHealthMonitor monitor, ModelDownloads downloads, ModelRepairs repairs, ModelPlaces places)
{
    /// <summary>The directories that are searched, and whether each is there now.</summary>
    public IReadOnlyList<(string Directory, bool Exists)> Directories => [.. places.All.Select(place => (place, Directory.Exists(place)))];

    /// <summary>Where downloads go that name no directory.</summary>
    public string DownloadDirectory => places.Downloads;

    /// <summary>The models, those with trouble first.</summary>
    public IReadOnlyList<ModelBody> Models()
    {
        var remembered = repairs.Recall();
        return [.. monitor.Models.Select(health => Describe(health, remembered)).OrderByDescending(model => model.State).ThenBy(model => model.Name, StringComparer.Ordinal)];
    }

    /// <summary>A model; <see langword="null"/> for one that is not known.</summary>
    public ModelBody? Find(string model) => monitor.Find(model) is { } health ? Describe(health, null) : null;

    /// <summary>The downloads, the latest first.</summary>
    public IReadOnlyList<ModelDownloadBody> Downloads() => [.. downloads.List().Select(ModelDownloadBody.Of)];

    /// <summary>A download; <see langword="null"/> when the id is not known.</summary>
    public ModelDownloadBody? FindDownload(Guid id) => downloads.Find(id) is { } status ? ModelDownloadBody.Of(status) : null;

    /// <summary>The latest repair of a model that is remembered; <see langword="null"/> when none is.</summary>
    public ModelDownloadBody? RepairOf(string model) => repairs.FindLast(model) is { } status ? ModelDownloadBody.Of(status) : null;

    /// <summary>The names of the models whose files the latest download that concerns them brought, if it has a name.</summary>
    /// <param name="name">The name of the download.</param>
    public IReadOnlyList<string> BroughtBy(string name)
    {
        var known = downloads.List();
        return known.All(download => download.Name != name) ? []
            : [.. monitor.Models.Where(health => known.FirstOrDefault(download => Brought(download.Directory, download.Origin?.Repository ?? download.Name, health.Directory, health.Name))?.Name == name).Select(health => health.Name)];
    }

    /// <summary>Whether a download has the directory of a model, or brought it into a Hugging Face cache.</summary>
    public static bool Brought(ModelDownloadBody download, ModelBody model) => Brought(download.Directory, download.Repository ?? download.Name, model.Directory, model.Name);

    private static bool Brought(string to, string what, string directory, string model) =>
        to == directory || (what == model && directory.StartsWith(to + Path.DirectorySeparatorChar, StringComparison.Ordinal));

    /// <summary>The number of downloads that wait or run.</summary>
    public int ActiveDownloads => downloads.List().Count(download => download.State is DownloadState.Queued or DownloadState.Running);

    private ModelBody Describe(ModelHealth health, RememberedDownloads? remembered) =>
        ModelBody.Of(health, repairs.Plan(health, remembered) is { } plan ? RepairBody.Of(health.Repair!, plan, repairs.FindRunning(plan, remembered)?.Id) : null);
}
