using System.Diagnostics;
using PerfPortal.Domain.Resources;

namespace PerfPortal.Domain.Sampling.Probes.Portable;

/// <summary>Reads this process with <see cref="Process"/> on Windows and macOS.</summary>
internal sealed class ProcessProbe : IResourceProbe
{
    private readonly Process _process = Process.GetCurrentProcess();
    private CounterRate _used;
    private bool _steppedBefore;

    public string Sensor => Sensors.Process;

    public SensorStatus Measure(ResourceSample sample, TimeSpan now)
    {
        bool first = !_steppedBefore;
        _steppedBefore = true;
        _process.Refresh();
        _used.Step((ulong)_process.TotalProcessorTime.Ticks, now);
        sample[ResourceMetric.ProcessCpuPercent] = 100 * _used.PerSecond / TimeSpan.TicksPerSecond;
        sample[ResourceMetric.ProcessMemoryMb] = _process.WorkingSet64 / ByteUnits.Mebibyte;
        sample[ResourceMetric.ProcessThreads] = _process.Threads.Count;
        return !double.IsNaN(_used.PerSecond) ? SensorStatus.Ok : first ? CommonStates.FirstReading : CommonStates.NoDifference;
    }

    public void Detail(ResourceSample sample)
    {
    }

    public void Dispose() => _process.Dispose();
}
