using System.Runtime.Versioning;
using PerfPortal.Domain.Resources;

namespace PerfPortal.Domain.Sampling.Probes.MacOs;

/// <summary>Reads CPU usage with host_processor_info and load with getloadavg. Based on the system headers; not tested on macOS.</summary>
[SupportedOSPlatform("macos")]
internal sealed unsafe class MacCpuProbe : IResourceProbe
{
    private static readonly SensorStatus NoAnswer = new(SensorState.Failed, "macOS did not return the CPU times.");

    private uint[] _ticks = [];
    private double[] _percents = [];

    public string Sensor => Sensors.Cpu;

    public SensorStatus Measure(ResourceSample sample, TimeSpan now)
    {
        sample[ResourceMetric.CpuCount] = Environment.ProcessorCount;
        ReadLoad(sample);
        if (LibSystem.HostProcessorInfo(LibSystem.Host, LibSystem.ProcessorLoad, out uint processors, out uint* info, out uint count) != 0)
        {
            return NoAnswer;
        }

        uint[] before = _ticks;
        try
        {
            if (processors == 0 || count < processors * LibSystem.ProcessorStates)
            {
                return NoAnswer;
            }

            _ticks = new ReadOnlySpan<uint>(info, (int)processors * LibSystem.ProcessorStates).ToArray();
        }
        finally
        {
            _ = LibSystem.Deallocate(LibSystem.Task, (nuint)info, count * sizeof(uint));
        }

        _percents = [];
        if (before.Length != _ticks.Length)
        {
            return CommonStates.FirstReading;
        }

        double percent = Compare(before);
        sample[ResourceMetric.CpuPercent] = percent;
        return double.IsNaN(percent) ? CommonStates.NoDifference : SensorStatus.Ok;
    }

    public void Detail(ResourceSample sample) => sample.CpuCores = _percents;

    public void Dispose()
    {
    }

    /// <summary>The 32-bit counters wrap; the unsigned difference is still correct.</summary>
    private double Compare(uint[] before)
    {
        const int Idle = 2;
        double[] percents = new double[_ticks.Length / LibSystem.ProcessorStates];
        double allUsed = 0, allTotal = 0;
        for (int core = 0; core < percents.Length; core++)
        {
            double used = 0, total = 0;
            for (int state = 0; state < LibSystem.ProcessorStates; state++)
            {
                int place = (core * LibSystem.ProcessorStates) + state;
                uint ticks = unchecked(_ticks[place] - before[place]);
                total += ticks;
                used += state == Idle ? 0 : ticks;
            }

            percents[core] = total > 0 ? 100 * used / total : 0;
            allUsed += used;
            allTotal += total;
        }

        if (allTotal <= 0)
        {
            return double.NaN;
        }

        _percents = percents;
        return 100 * allUsed / allTotal;
    }

    private static void ReadLoad(ResourceSample sample)
    {
        double* loads = stackalloc double[3];
        if (LibSystem.LoadAverages(loads, 3) != 3)
        {
            return;
        }

        sample[ResourceMetric.Load1] = loads[0];
        sample[ResourceMetric.Load5] = loads[1];
        sample[ResourceMetric.Load15] = loads[2];
    }
}
