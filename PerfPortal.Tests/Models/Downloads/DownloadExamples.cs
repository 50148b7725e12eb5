using PerfPortal.Domain.Advice;
using PerfPortal.Domain.Client;
using PerfPortal.Domain.Models.Downloads;
using PerfPortal.Domain.Models.Downloads.Errors;
using PerfPortal.Domain.Models.Downloads.Hub;
using PerfPortal.Domain.Tracking;

namespace PerfPortal.Tests.Models.Downloads;

/// <summary>The programs of <c>docs/models/downloads.md</c>. A test compares what is between the marks with it.</summary>
internal static class DownloadExamples
{
    /// <summary>Loads a file: its address, its SHA-256, and the directory are the arguments.</summary>
    public static async Task LoadFileAsync(string[] args)
    {
        // begin file
        var tracker = new PerformanceTracker(new ActiveOperations(), null, TimeProvider.System);
        var adviser = new SafeDefaults(TimeProvider.System);
        await using var downloader = new ModelDownloader(
            new() { StateDirectory = Path.Combine(args[2], "state") }, tracker, adviser, TimeProvider.System);
        try
        {
            var result = await downloader.DownloadAsync(
                new() { Directory = args[2], Files = [new() { Url = new(args[0]), Path = "model.gguf", Sha256 = args[1] }] }, CancellationToken.None);
            Console.WriteLine($"{result.Files[0].Path}: {result.BytesTotal} bytes, verified: {result.Files[0].IsVerified}");
        }
        catch (DownloadException failure)
        {
            Console.WriteLine($"{failure.Category}: {failure.Message}");
        }
        // end file
    }

    /// <summary>Loads a repository and reports to a portal: the addresses of portal and hub, the repository and the directory are the arguments.</summary>
    public static async Task LoadRepositoryAsync(string[] args)
    {
        // begin repository
        await using var portal = new PortalClient(new() { Address = new(args[0]), Source = "trainer-1" });
        var options = new DownloaderOptions { StateDirectory = Path.Combine(args[3], "state") };
        await using var downloader = new ModelDownloader(options, portal.Tracker, new SafeDefaults(TimeProvider.System), TimeProvider.System);
        using var hub = new HuggingFaceLayout(new(args[1]), options, TimeProvider.System);
        var request = await hub.ListAsync(
            new() { Repository = args[2], Directory = args[3], Layout = SnapshotLayout.Cache }, CancellationToken.None);
        var handle = downloader.Start(request);
        while (await Task.WhenAny(handle.Completion, Task.Delay(500)) != handle.Completion)
        {
            var status = handle.Status;
            Console.WriteLine(status.Wait is { } wait ? $"waits: {wait.Error}" : $"{status.BytesDone} of {status.BytesTotal} bytes");
        }

        await handle.Completion;
        // end repository
    }
}
