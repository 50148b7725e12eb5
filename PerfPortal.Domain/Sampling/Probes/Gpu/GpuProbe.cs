using PerfPortal.Domain.Resources;

namespace PerfPortal.Domain.Sampling.Probes.Gpu;

/// <summary>Reads the GPUs of all vendors. Scalars cover the GPUs that report the value: mean utilization, total memory and power, and the highest temperature.</summary>
internal sealed class GpuProbe(IReadOnlyList<IGpuDriver> drivers) : IResourceProbe
{
    private readonly List<GpuValues> _gpus = [];
    private readonly SensorStatus[] _states = new SensorStatus[drivers.Count];
    private readonly SensorStatus[] _statesBefore = new SensorStatus[drivers.Count];
    private SensorStatus _combined;

    public string Sensor => Sensors.Gpu;

    public SensorStatus Measure(ResourceSample sample, TimeSpan now)
    {
        _gpus.Clear();
        for (int i = 0; i < drivers.Count; i++)
        {
            _states[i] = drivers[i].Read(_gpus, now);
        }

        SetScalars(sample);
        return Combine();
    }

    public void Detail(ResourceSample sample)
    {
        var readings = new GpuReading[_gpus.Count];
        for (int i = 0; i < readings.Length; i++)
        {
            var gpu = _gpus[i];
            readings[i] = new(
                i, gpu.Name, Known(gpu.Utilization), Known(gpu.MemoryUsed / ByteUnits.Mebibyte), Known(gpu.MemoryTotal / ByteUnits.Mebibyte),
                Known(gpu.Temperature), Known(gpu.Power));
        }

        sample.Gpus = readings;
    }

    public void Dispose()
    {
        foreach (var driver in drivers)
        {
            driver.Dispose();
        }
    }

    private static double? Known(double value) => double.IsNaN(value) ? null : value;

    private void SetScalars(ResourceSample sample)
    {
        double utilization = 0, used = 0, total = 0, power = 0, hottest = double.NaN;
        int utilized = 0, sized = 0, powered = 0;
        foreach (var gpu in _gpus)
        {
            if (!double.IsNaN(gpu.Utilization))
            {
                utilization += gpu.Utilization;
                utilized++;
            }

            if (gpu.MemoryTotal > 0 && !double.IsNaN(gpu.MemoryUsed))
            {
                used += gpu.MemoryUsed;
                total += gpu.MemoryTotal;
                sized++;
            }

            if (!double.IsNaN(gpu.Power))
            {
                power += gpu.Power;
                powered++;
            }

            if (!(gpu.Temperature <= hottest) && !double.IsNaN(gpu.Temperature))
            {
                hottest = gpu.Temperature;
            }
        }

        sample[ResourceMetric.GpuUtilizationPercent] = utilized > 0 ? utilization / utilized : null;
        sample[ResourceMetric.GpuMemoryUsedMb] = sized > 0 ? used / ByteUnits.Mebibyte : null;
        sample[ResourceMetric.GpuMemoryTotalMb] = sized > 0 ? total / ByteUnits.Mebibyte : null;
        sample[ResourceMetric.GpuMemoryPercent] = sized > 0 ? Math.Min(100, 100 * used / total) : null;
        sample[ResourceMetric.GpuPowerWatts] = powered > 0 ? power : null;
        sample[ResourceMetric.GpuTemperatureCelsius] = hottest;
    }

    /// <summary>The sensor fails when any vendor fails, even if GPUs of another vendor were read; it is absent only when no vendor has a GPU.</summary>
    private SensorStatus Combine()
    {
        if (_combined.Reason is null || !_states.AsSpan().SequenceEqual(_statesBefore))
        {
            _states.CopyTo(_statesBefore, 0);
            var state = Array.Exists(_states, one => one.State == SensorState.Failed) ? SensorState.Failed
                : Array.Exists(_states, one => one.State == SensorState.Ok) ? SensorState.Ok
                : SensorState.Absent;
            _combined = state == SensorState.Ok
                ? SensorStatus.Ok
                : new(state, string.Join(' ', _states.Where(one => one.State == state).Select(one => one.Reason)));
        }

        return _combined;
    }
}
