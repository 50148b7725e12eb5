using PerfPortal.Domain.Resources;

namespace PerfPortal.Domain.Sampling.Probes;

/// <summary>Reads one sensor of the host. Not thread-safe: <see cref="HostProbes"/> calls it from one thread at a time and catches what it throws.</summary>
public interface IResourceProbe : IDisposable
{
    /// <summary>The sensor, a member of <see cref="Resources.Sensors.All"/>.</summary>
    string Sensor { get; }

    /// <summary>Reads the sensor and sets its scalars; the sensor's metrics are clear when it is called. What is not known stays clear.</summary>
    /// <param name="sample">The sample to write to.</param>
    /// <param name="now">A monotonic time, for rates.</param>
    /// <returns>The sensor's state.</returns>
    SensorStatus Measure(ResourceSample sample, TimeSpan now);

    /// <summary>Adds the single things (cores, disks, interfaces, GPUs) that the last <see cref="Measure"/> saw. Called only when that did not throw.</summary>
    /// <param name="sample">The sample to write to.</param>
    void Detail(ResourceSample sample);
}
