using PerfPortal.Domain.Models.Downloads;
using PerfPortal.Domain.Models.Downloads.Errors;
using PerfPortal.Domain.Models.Downloads.Hub;

namespace PerfPortal.Benchmarks.Workload.Running;

/// <summary>Downloads the models, one after the other, again and again, and repairs damaged ones.</summary>
internal sealed class DownloadLoop(ModelDownloader downloader, HuggingFaceLayout hub, ModelFolder folder, WorkloadTally tally)
{
    /// <summary>Runs until cancelled.</summary>
    public async Task RunAsync(TimeSpan pause, CancellationToken cancellationToken)
    {
        for (int i = 0; ; i++)
        {
            string repository = WorkloadPlan.Models[i % WorkloadPlan.Models.Count].Repository;
            bool isThere = await LoadAsync(repository, folder.Arriving, null, cancellationToken);
            tally.Add(WorkloadCount.Downloads);
            if (isThere && await folder.PlaceAsync(repository, cancellationToken))
            {
                tally.Add(WorkloadCount.FlipsReplaced);
            }

            await Task.Delay(pause, TimeProvider.System, cancellationToken);
        }
    }

    /// <summary>Downloads files of a model that is used again; the others stay as they are.</summary>
    /// <returns>Whether they are there.</returns>
    public async Task<bool> RepairAsync(string repository, IReadOnlyCollection<string> files, CancellationToken cancellationToken)
    {
        bool isRepaired = await LoadAsync(repository, folder.Used, files.Contains, cancellationToken);
        tally.Add(WorkloadCount.Repairs, isRepaired ? 1 : 0);
        return isRepaired;
    }

    private async Task<bool> LoadAsync(string repository, string directory, Func<string, bool>? include, CancellationToken cancellationToken)
    {
        try
        {
            var request = await hub.ListAsync(
                new() { Repository = repository, Directory = directory, Layout = SnapshotLayout.Cache, Include = include }, cancellationToken);
            var result = await downloader.DownloadAsync(request, cancellationToken);
            tally.Add(WorkloadCount.Retries, result.Retries);
            tally.Add(WorkloadCount.Bytes, result.BytesDownloaded + result.BytesWasted);
            tally.Add(WorkloadCount.WastedBytes, result.BytesWasted);
            return true;
        }
        catch (DownloadException)
        {
            // The operation records the reason. What has arrived is kept, and the next run continues from it.
            cancellationToken.ThrowIfCancellationRequested();
            tally.Add(WorkloadCount.FailedDownloads);
            return false;
        }
    }
}
