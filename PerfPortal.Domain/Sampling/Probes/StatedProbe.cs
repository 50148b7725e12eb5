using PerfPortal.Domain.Resources;

namespace PerfPortal.Domain.Sampling.Probes;

/// <summary>A sensor that never measures and says why: it is switched off, or the system offers no way to read it.</summary>
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
