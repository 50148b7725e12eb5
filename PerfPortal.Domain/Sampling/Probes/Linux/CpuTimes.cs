namespace PerfPortal.Domain.Sampling.Probes.Linux;

/// <summary>A <c>cpu…</c> line of <c>/proc/stat</c>: ticks per state since the system started (proc_stat(5)).</summary>
/// <param name="Busy">user, nice, system, irq and softirq; user and nice include guest time.</param>
/// <param name="Idle">idle.</param>
/// <param name="IoWait">iowait: idle while waiting for a disk. Counts as idle, because the processor was available.</param>
/// <param name="Steal">steal: taken by the hypervisor. Counts as in use, because the processor was needed but not available.</param>
internal readonly record struct CpuTimes(ulong Busy, ulong Idle, ulong IoWait, ulong Steal)
{
    /// <summary>Parses the numbers of the line, after its name; kernels before 2.6.11 have fewer.</summary>
    public static bool TryParse(ref KernelFields fields, out CpuTimes times)
    {
        times = default;
        if (!fields.TryNextNumber(out ulong user) || !fields.TryNextNumber(out ulong nice)
            || !fields.TryNextNumber(out ulong system) || !fields.TryNextNumber(out ulong idle))
        {
            return false;
        }

        _ = fields.TryNextNumber(out ulong ioWait);
        _ = fields.TryNextNumber(out ulong irq);
        _ = fields.TryNextNumber(out ulong softIrq);
        _ = fields.TryNextNumber(out ulong steal);
        times = new(user + nice + system + irq + softIrq, idle, ioWait, steal);
        return true;
    }

    /// <summary>Returns the share in use since <paramref name="before"/>, 0–100; NaN when no tick has passed or the busy time decreased.</summary>
    /// <remarks>idle, iowait and steal can decrease by a few ticks (for iowait, see proc_stat(5)); they then count as unchanged.</remarks>
    public double PercentSince(in CpuTimes before)
    {
        if (Busy < before.Busy)
        {
            return double.NaN;
        }

        double used = (Busy - before.Busy) + Growth(Steal, before.Steal);
        double total = used + Growth(Idle, before.Idle) + Growth(IoWait, before.IoWait);
        return total > 0 ? 100 * used / total : double.NaN;
    }

    public static CpuTimes operator +(in CpuTimes a, in CpuTimes b) => new(a.Busy + b.Busy, a.Idle + b.Idle, a.IoWait + b.IoWait, a.Steal + b.Steal);

    private static double Growth(ulong now, ulong before) => now > before ? now - before : 0;
}
