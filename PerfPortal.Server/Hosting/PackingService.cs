using PerfPortal.Domain.Journal;
using PerfPortal.Server.Storage.Sqlite;
using PerfPortal.Server.Views;

namespace PerfPortal.Server.Hosting;

/// <summary>Compresses blocks that are no longer written and samples old ones, one group of blocks at a time, using at most 20 % of one core.</summary>
internal sealed class PackingService(SqlitePacker packer, RollupBuffer rollups, PortalReadiness readiness, TimeProvider time, ILogger<PackingService> logger)
    : PeriodicService(TimeSpan.FromMinutes(1), readiness, time, logger)
{
    private const int Rest = 4;
    private readonly TimeProvider _time = time;

    protected override async Task RunOnceAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            long started = _time.GetTimestamp();
            int done = await Task.Run(() => packer.Step(everything: false, cancellationToken) is > 0 and var packed ? packed : Thin(cancellationToken), cancellationToken)
                .ConfigureAwait(false);
            if (done == 0)
            {
                return;
            }

            await Task.Delay(_time.GetElapsedTime(started) * Rest, _time, cancellationToken).ConfigureAwait(false);
        }
    }

    // A minute that waits for its rebuild needs all of its operations.
    private int Thin(CancellationToken cancellationToken) => rollups.StaleMinutes > 0 ? 0 : packer.Thin(cancellationToken);
}
