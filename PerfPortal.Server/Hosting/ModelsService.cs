using PerfPortal.Domain.Models.Downloads;
using PerfPortal.Domain.Models.Health;
using PerfPortal.Server.Views;

namespace PerfPortal.Server.Hosting;

/// <summary>
/// Checks the models of this host on their schedule, and continues the downloads that were interrupted. Stops before the tracker, so that the ends of what it
/// interrupts are still stored.
/// </summary>
internal sealed class ModelsService(IServiceProvider services, PortalReadiness readiness) : BackgroundService
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
        await services.GetRequiredService<ModelHealthMonitor>().RunAsync(stoppingToken).ConfigureAwait(false);
    }
}
