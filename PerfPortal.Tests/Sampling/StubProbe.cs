using PerfPortal.Domain.Resources;
using PerfPortal.Domain.Sampling.Probes;

namespace PerfPortal.Tests.Sampling;

/// <summary>A CPU sensor that a test controls.</summary>
internal sealed class StubProbe(string sensor = Sensors.Cpu) : IResourceProbe
{
    public string Sensor { get; } = sensor;

    public Func<ResourceSample, SensorStatus> OnMeasure { get; set; } = sample =>
    {
        sample[ResourceMetric.CpuPercent] = 12;
        return SensorStatus.Ok;
    };

    public Action<ResourceSample> OnDetail { get; set; } = _ => { };

    public bool Disposed { get; private set; }

    public SensorStatus Measure(ResourceSample sample, TimeSpan now) => OnMeasure(sample);

    public void Detail(ResourceSample sample) => OnDetail(sample);

    public void Dispose() => Disposed = true;
}
