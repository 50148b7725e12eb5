using System.Net;
using PerfPortal.Benchmarks.Workload.Models;
using PerfPortal.Benchmarks.Workload.Server;
using PerfPortal.Domain.Client;
using PerfPortal.Domain.Models.Downloads;
using PerfPortal.Domain.Models.Downloads.Hub;
using PerfPortal.Domain.Models.Fallbacks;
using PerfPortal.Domain.Models.Health;

namespace PerfPortal.Benchmarks.Workload.Running;

/// <summary>Runs downloads, health checks and fallbacks against a server of its own, and reports them to a portal as another program would.</summary>
internal static class WorkloadRun
{
    /// <summary>Runs until the time is over or it is cancelled, and delivers what was reported.</summary>
    /// <param name="options">Where it reports to.</param>
    /// <param name="output">Receives what was done.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <returns>What was done, and what became of the reports.</returns>
    /// <exception cref="ArgumentException">An option is not valid.</exception>
    public static async Task<(WorkloadTally Tally, PortalClientStatus Status)> RunAsync(WorkloadOptions options, TextWriter output, CancellationToken cancellationToken)
    {
        var time = TimeProvider.System;
        var tally = new WorkloadTally();
        long begun = time.GetTimestamp();
        var client = new PortalClient(options.Client, null, time);
        await using (client)
        {
            await using var server = await StartServerAsync(options, cancellationToken);
            await output.WriteLineAsync($"Models from {server.Address}, reported to {options.Portal} as '{options.Source}'. Ctrl+C stops.");
            using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            if (options.Length is { } length)
            {
                stop.CancelAfter(length);
            }

            using var telling = new Timer(_ => output.WriteLine(tally.Line(time.GetElapsedTime(begun), client.Status)), null, options.TellEvery, options.TellEvery);
            await WorkAsync(options, server, client, tally, stop.Token);
        }

        foreach (string line in tally.Summary(time.GetElapsedTime(begun), client.Status))
        {
            await output.WriteLineAsync(line);
        }

        return (tally, client.Status);
    }

    private static async Task<LocalModelServer> StartServerAsync(WorkloadOptions options, CancellationToken cancellationToken)
    {
        var server = new LocalModelServerOptions
        {
            Models = WorkloadPlan.Models,
            Seed = options.Seed,
            Port = options.ServerPort,
            Faults = WorkloadPlan.Faults,
            Generation = WorkloadPlan.Generation,
        };
        try
        {
            return await LocalModelServer.StartAsync(server, cancellationToken);
        }
        catch (IOException) when (options.ServerPort > 0)
        {
            return await LocalModelServer.StartAsync(server with { Port = 0 }, cancellationToken);
        }
    }

    private static async Task WorkAsync(WorkloadOptions options, LocalModelServer server, PortalClient client, WorkloadTally tally, CancellationToken cancellationToken)
    {
        var time = TimeProvider.System;
        using var folder = new ModelFolder();
        var settings = new DownloaderOptions { StateDirectory = folder.State, Proxy = new WebProxy(), MaxRemembered = WorkloadPlan.Models.Count };
        await using var downloader = new ModelDownloader(settings, client.Tracker, client.Adviser, time);
        using var hub = new HuggingFaceLayout(server.Address, settings, time);
        using var http = new HttpClient(new SocketsHttpHandler { UseProxy = false });
        var downloads = new DownloadLoop(downloader, hub, folder, tally);
        var monitor = new ModelHealthMonitor(new() { Directories = [folder.Used], StateDirectory = folder.State }, client.Tracker, client.Adviser, time);
        var fallbacks = new FallbackManager(new() { Source = options.Source }, client.Tracker, client.Adviser, null, time);
        var health = new HealthLoop(monitor, downloads, folder, tally, new Random((int)Chance.Seed(options.Seed, "health")));
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        List<Task> loops =
        [
            downloads.RunAsync(WorkloadPlan.DownloadPause / options.Haste, stop.Token),
            health.RunAsync(WorkloadPlan.CheckPause / options.Haste, stop.Token),
            .. WorkloadPlan.Groups(server.Address).Select(group =>
                new GenerationLoop(group, fallbacks, monitor, http, client.Tracker, tally).RunAsync(WorkloadPlan.GenerationPause / options.Haste, stop.Token)),
        ];

        // A loop ends only when it is cancelled or fails; then the others end too.
        await Task.WhenAny(loops);
        await stop.CancelAsync();
        try
        {
            await Task.WhenAll(loops);
        }
        catch (OperationCanceledException) when (loops.TrueForAll(loop => loop.IsCanceled))
        {
        }
    }
}
