using PerfPortal.Domain.Journal;
using PerfPortal.Domain.Operations;
using PerfPortal.Domain.Resources;
using PerfPortal.Domain.Sampling;
using PerfPortal.Domain.Tracking;

namespace PerfPortal.Server.Hosting;

/// <summary>Samples the portal's host; the sampler takes a final sample on shutdown.</summary>
internal sealed class SamplingService(ResourceSampler sampler) : BackgroundService
{
    protected override Task ExecuteAsync(CancellationToken stoppingToken) => sampler.RunAsync(stoppingToken);
}

/// <summary>Submits samples to the journal. A failing sensor is recorded as an operation of the portal; successful sampling is not.</summary>
/// <param name="journal">The journal.</param>
/// <param name="tracker">Resolves the tracker when a sensor fails. It cannot be injected because it depends on the sampler.</param>
internal sealed class JournalSampleSink(OperationJournal journal, Func<PerformanceTracker> tracker) : ISampleSink
{
    private string? _failing;

    public void OnSample(ResourceSample sample, TimeSpan covered)
    {
        journal.TrySubmit(new SampleTaken(sample, covered));
        string? failing = sample.Sensors.Where(sensor => sensor.Value.State == SensorState.Failed)
            .Select(sensor => $"{sensor.Key}: {sensor.Value.Reason}").FirstOrDefault();
        if (failing is not null && failing != _failing)
        {
            using var scope = tracker().Start(MetricType.SystemResource, "sampling");
            scope.Fail("sensor_failed", failing);
        }

        _failing = failing;
    }
}
