using PerfPortal.Domain.Resources;

namespace PerfPortal.Domain.Sampling.Probes;

/// <summary>Reads one sensor of the host. Not thread-safe: <see cref="HostProbes"/> calls it from one thread at a time and catches its exceptions.</summary>
public interface IResourceProbe : IDisposable
{
    /// <summary>The sensor, a member of <see cref="Resources.Sensors.All"/>.</summary>
    string Sensor { get; }

    /// <summary>Reads the sensor and sets its scalars. The metrics of the sensor are cleared before the call; unknown ones stay clear.</summary>
    /// <param name="sample">The sample to write to.</param>
    /// <param name="now">A monotonic time, for rates.</param>
    /// <returns>The sensor's state.</returns>
    SensorStatus Measure(ResourceSample sample, TimeSpan now);

    /// <summary>Adds the individual items (cores, disks, interfaces, GPUs) of the last <see cref="Measure"/>. Not called when that threw.</summary>
    /// <param name="sample">The sample to write to.</param>
    void Detail(ResourceSample sample);
}
