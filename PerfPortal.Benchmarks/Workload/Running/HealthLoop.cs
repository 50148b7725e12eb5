using PerfPortal.Domain.Models.Health;
using PerfPortal.Domain.Models.Health.Results;

namespace PerfPortal.Benchmarks.Workload.Running;

/// <summary>Checks the models in turn, flips a byte now and then, and has what is damaged downloaded again.</summary>
internal sealed class HealthLoop(ModelHealthMonitor monitor, DownloadLoop downloads, ModelFolder folder, WorkloadTally tally, Random random)
{
    /// <summary>Runs until cancelled.</summary>
    public async Task RunAsync(TimeSpan pause, CancellationToken cancellationToken)
    {
        for (int i = 0; ; i++)
        {
            using (await folder.HoldAsync(cancellationToken))
            {
                if (random.NextDouble() < WorkloadPlan.FlipShare && folder.Flip(WorkloadPlan.Models[random.Next(WorkloadPlan.Models.Count)].Repository, random))
                {
                    tally.Add(WorkloadCount.Flips);
                }

                var models = monitor.Scan(cancellationToken);
                if (models.Count > 0)
                {
                    bool isFull = i % WorkloadPlan.FullCheckEvery == WorkloadPlan.FullCheckEvery - 1;
                    await CheckAsync(models[i % models.Count].Name, isFull, cancellationToken);
                }
            }

            await Task.Delay(pause, TimeProvider.System, cancellationToken);
        }
    }

    private async Task CheckAsync(string model, bool isFull, CancellationToken cancellationToken)
    {
        var health = await monitor.CheckAsync(model, isFull, cancellationToken);
        tally.Add(WorkloadCount.Checks);
        if (health.State is not (HealthState.Damaged or HealthState.Incomplete))
        {
            return;
        }

        tally.Add(WorkloadCount.Damaged);
        if (health.Repair is { } repair && await downloads.RepairAsync(model, [.. repair.Steps.Select(step => step.File)], cancellationToken))
        {
            folder.Repaired(model);
            await monitor.CheckAsync(model, full: false, cancellationToken);
            tally.Add(WorkloadCount.Checks);
        }
    }
}
