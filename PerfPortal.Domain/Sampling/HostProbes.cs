using PerfPortal.Domain.Resources;
using PerfPortal.Domain.Sampling.Probes;

namespace PerfPortal.Domain.Sampling;

/// <summary>The probes of this host, one per sensor. Not thread-safe.</summary>
public sealed class HostProbes : IDisposable
{
    private readonly IResourceProbe[] _probes;
    private readonly ResourceMetric[][] _metrics;
    private readonly SensorStatus[] _states;
    private readonly bool[] _threw;
    private Dictionary<string, SensorStatus> _named = [];

    /// <summary>Creates an instance from probes.</summary>
    /// <param name="probes">The probes, at most one per sensor; disposed with this object.</param>
    /// <exception cref="ArgumentException">Two probes have the same sensor.</exception>
    public HostProbes(IEnumerable<IResourceProbe> probes)
    {
        ArgumentNullException.ThrowIfNull(probes);
        _probes = [.. probes];
        if (_probes.DistinctBy(probe => probe.Sensor).Count() != _probes.Length)
        {
            throw new ArgumentException("Two probes have the same sensor.", nameof(probes));
        }

        _metrics = [.. _probes.Select(probe => ResourceMetrics.All.Where(info => info.Sensor == probe.Sensor).Select(info => info.Metric).ToArray())];
        _states = new SensorStatus[_probes.Length];
        _threw = new bool[_probes.Length];
    }

    /// <summary>Creates the probes for the current operating system.</summary>
    /// <param name="options">The data directory and the sensors to read.</param>
    public static HostProbes Create(SamplerOptions options) => new(ProbeSelection.ForThisSystem(options));

    /// <summary>Reads all sensors and sets the scalars. Allocates nothing after warm-up if the probes of the platform do not (Linux).</summary>
    /// <param name="sample">The sample to write to; it can be reused.</param>
    /// <param name="now">A monotonic time, for rates.</param>
    public void Measure(ResourceSample sample, TimeSpan now)
    {
        ArgumentNullException.ThrowIfNull(sample);
        for (int i = 0; i < _probes.Length; i++)
        {
            Clear(sample, _metrics[i]);
            try
            {
                _states[i] = _probes[i].Measure(sample, now);
                _threw[i] = false;
            }
            catch (Exception failure)
            {
                Fail(sample, i, failure);
            }
        }
    }

    /// <summary>Adds the lists (cores, disks, interfaces, GPUs) and the sensor states of the last <see cref="Measure"/>.</summary>
    /// <param name="sample">The sample to write to.</param>
    public void Detail(ResourceSample sample)
    {
        ArgumentNullException.ThrowIfNull(sample);
        for (int i = 0; i < _probes.Length; i++)
        {
            if (_threw[i])
            {
                continue;
            }

            try
            {
                _probes[i].Detail(sample);
            }
            catch (Exception failure)
            {
                Fail(sample, i, failure);
            }
        }

        sample.Sensors = States();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var probe in _probes)
        {
            probe.Dispose();
        }
    }

    private static void Clear(ResourceSample sample, ResourceMetric[] metrics)
    {
        foreach (var metric in metrics)
        {
            sample[metric] = null;
        }
    }

    private void Fail(ResourceSample sample, int index, Exception failure)
    {
        Clear(sample, _metrics[index]);
        _threw[index] = true;
        _states[index] = new(SensorState.Failed, $"Reading the sensor failed: {failure.Message}");
    }

    /// <summary>Sensor states rarely change: samples share one immutable dictionary, which is replaced on a change.</summary>
    private Dictionary<string, SensorStatus> States()
    {
        bool same = _named.Count == _probes.Length;
        for (int i = 0; same && i < _probes.Length; i++)
        {
            same = _named[_probes[i].Sensor] == _states[i];
        }

        if (!same)
        {
            var named = new Dictionary<string, SensorStatus>(_probes.Length, StringComparer.Ordinal);
            for (int i = 0; i < _probes.Length; i++)
            {
                named[_probes[i].Sensor] = _states[i];
            }

            _named = named;
        }

        return _named;
    }
}
