using PerfPortal.Domain.Resources;

namespace PerfPortal.Domain.Sampling.Probes;

/// <summary>A probe without measurements that reports the reason: the sensor is disabled or not supported.</summary>
internal sealed class StatedProbe(string sensor, SensorState state, string reason) : IResourceProbe
{
    private readonly SensorStatus _status = new(state, reason);

    public string Sensor { get; } = sensor;

    public SensorStatus Measure(ResourceSample sample, TimeSpan now) => _status;

    public void Detail(ResourceSample sample)
    {
    }

    public void Dispose()
    {
    }
}
