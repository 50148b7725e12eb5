using PerfPortal.Domain.Models.Downloads;
using PerfPortal.Domain.Models.Health;
using PerfPortal.Domain.Models.Health.Results;
using PerfPortal.Domain.Models.Repair;
using PerfPortal.Server.Wire;

namespace PerfPortal.Server.Models;

/// <summary>How the start of a repair ended: with the download, or with a sentence that says why there is none.</summary>
/// <param name="Download">The download; <see langword="null"/> when none was started.</param>
/// <param name="Problem">Why none was started.</param>
/// <param name="IsUnknown">Whether there is no such model.</param>
internal sealed record RepairStart(DownloadStatus? Download, string? Problem = null, bool IsUnknown = false);

/// <summary>Repairs models of this host, as their last checks found them. When a repair is complete its model is checked, like that of any download.</summary>
internal sealed class ModelRepairs(ModelHealthMonitor monitor, ModelRepairer repairer)
{
    private readonly Lock _lock = new();

    /// <summary>Plans the repair of a model; <see langword="null"/> when there is nothing to repair.</summary>
    public RepairPlan? Plan(ModelHealth health, RememberedDownloads? remembered = null) => repairer.Plan(health, remembered);

    /// <summary>What is remembered of downloads, for the plans of several models.</summary>
    public RememberedDownloads Recall() => repairer.Recall();

    /// <summary>The download that loads files of a plan now, or waits to do so.</summary>
    public DownloadStatus? FindRunning(RepairPlan plan, RememberedDownloads? remembered = null) => repairer.FindRunning(plan, remembered);

    /// <summary>The latest repair of a model that is remembered.</summary>
    public DownloadStatus? FindLast(string model) => monitor.Find(model) is { } health ? repairer.FindLast(health) : null;

    /// <summary>Starts the repair of a model.</summary>
    public RepairStart Start(string model)
    {
        if (monitor.Find(model) is not { } health)
        {
            return new(null, $"There is no model {model} in the directories of models.", IsUnknown: true);
        }

        using var trace = CallerTrace.Enter();

        // Two people who repair the same model at once get one repair.
        lock (_lock)
        {
            if (repairer.Plan(health) is not { } plan)
            {
                return new(null, health.LastCheckedAt is null ? $"{model} has not been checked yet, so it is not known what needs repair." : $"There is nothing to repair: the last check of {model} found nothing that can be downloaded again.");
            }

            if (repairer.FindRunning(plan) is { } running)
            {
                return new(null, $"The download {running.Id} is already loading files of {model}.");
            }

            try
            {
                return repairer.Start(plan) is { } started ? new(started.Status)
                    : new(null, $"Where the files of {model} came from is not known: neither a manifest in its directory, nor the layout of a Hugging Face cache, nor a remembered download says so.");
            }
            catch (ArgumentException exception)
            {
                return new(null, ValidationError.Of(exception.Message).Detail);
            }
        }
    }
}
