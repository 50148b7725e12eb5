using PerfPortal.Domain.Advice;
using PerfPortal.Domain.Journal;
using PerfPortal.Domain.Models.Downloads;
using PerfPortal.Domain.Models.Downloads.Errors;
using PerfPortal.Domain.Tracking;

namespace PerfPortal.Benchmarks.Components;

/// <summary>Downloads with a downloader of their own in a directory of their own.</summary>
internal static class BenchDownloads
{
    /// <summary>The source of the operations.</summary>
    public const string Source = "bench";

    /// <summary>Downloads one file.</summary>
    /// <param name="directory">An empty directory.</param>
    /// <param name="url">The file.</param>
    /// <param name="connections">The connections; <see langword="null"/> takes the safe default of the advice.</param>
    /// <param name="cancellationToken">Cancels it.</param>
    public static async Task<DownloadResult> LoadAsync(string directory, Uri url, int? connections, CancellationToken cancellationToken)
    {
        var tracker = new PerformanceTracker(new(), null, TimeProvider.System, Source);
        await using var downloader = new ModelDownloader(
            new() { StateDirectory = Path.Join(directory, "state"), Connections = connections }, tracker, new SafeDefaults(TimeProvider.System), TimeProvider.System);
        return await downloader.DownloadAsync(Request(directory, url, "file", null), cancellationToken);
    }

    /// <summary>Downloads one file many times at the same time, into one directory.</summary>
    /// <returns>The results; those that failed are left out.</returns>
    public static async Task<IReadOnlyList<DownloadResult>> LoadManyAsync(
        string directory, Uri url, string sha256, int count, IAdviser adviser, IOperationSink sink, CancellationToken cancellationToken)
    {
        var tracker = new PerformanceTracker(new(), sink, TimeProvider.System, Source);
        await using var downloader = new ModelDownloader(
            new() { StateDirectory = Path.Join(directory, "state"), MaxRunning = count, MaxRetries = 50 }, tracker, adviser, TimeProvider.System);
        var results = await Task.WhenAll(Enumerable.Range(0, count).Select(async number =>
        {
            try
            {
                return await downloader.DownloadAsync(Request(directory, url, FormattableString.Invariant($"file-{number}"), sha256), cancellationToken);
            }
            catch (DownloadException)
            {
                return null;
            }
        }));
        tracker.Drain();
        return [.. results.OfType<DownloadResult>()];
    }

    private static DownloadRequest Request(string directory, Uri url, string path, string? sha256) =>
        new() { Name = "model", Directory = directory, Files = [new() { Url = url, Path = path, Sha256 = sha256 }] };
}
