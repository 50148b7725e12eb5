using PerfPortal.Domain.Models.Downloads;
using PerfPortal.Domain.Models.Health;
using PerfPortal.Server.Models;
using PerfPortal.Server.Views;
using PerfPortal.Server.Views.Models;

namespace PerfPortal.Server.Hosting;

/// <summary>
/// Checks the models of this host on their schedule and when they were downloaded, and continues the downloads that were interrupted. Stops before the tracker, so that the ends of what it
/// interrupts are still stored.
/// </summary>
internal sealed class ModelsService(IServiceProvider services, DownloadedModels downloaded, PortalReadiness readiness, ILogger<ModelsService> logger) : BackgroundService
{
    private ModelDownloader? _downloader;

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken).ConfigureAwait(false);
        if (_downloader is { } downloader)
        {
            await downloader.DisposeAsync().AsTask().WaitAsync(cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await readiness.WhenReady.WaitAsync(stoppingToken).ConfigureAwait(false);

        // Created only now: a downloader continues at once, and what it reports must find the journal open.
        _downloader = services.GetRequiredService<ModelDownloader>();
        var monitor = services.GetRequiredService<ModelHealthMonitor>();
        services.GetRequiredService<ModelUseListener>().Attach(monitor);
        await Task.WhenAll(monitor.RunAsync(stoppingToken), CheckDownloadedAsync(stoppingToken)).ConfigureAwait(false);
    }

    private async Task CheckDownloadedAsync(CancellationToken stoppingToken)
    {
        var checks = services.GetRequiredService<ModelChecks>();
        var models = services.GetRequiredService<ModelReader>();
        await foreach (var (name, context) in downloaded.Complete.ReadAllAsync(stoppingToken).ConfigureAwait(false))
        {
            using var caused = context.Enter();
            try
            {
                // Most models have the name of their download.
                if (await checks.StartAsync(name, full: false, stoppingToken).ConfigureAwait(false) is null)
                {
                    foreach (string model in models.BroughtBy(name))
                    {
                        await checks.StartAsync(model, full: false, stoppingToken).ConfigureAwait(false);
                    }
                }
            }
            catch (Exception exception) when (exception is not OperationCanceledException)
            {
                logger.LogWarning(exception, "The model of the download {Name} could not be checked; its schedule will.", name);
            }
        }
    }
}
