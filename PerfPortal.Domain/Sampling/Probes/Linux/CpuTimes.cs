namespace PerfPortal.Domain.Sampling.Probes.Linux;

/// <summary>A line <c>cpu…</c> of <c>/proc/stat</c>: ticks spent in each way since the system started (proc_stat(5)).</summary>
/// <param name="Busy">user, nice, system, irq and softirq; guest time is part of user and nice already.</param>
/// <param name="Idle">idle.</param>
/// <param name="IoWait">iowait: idle while a disk worked. It counts as idle, for the processor could have been used.</param>
/// <param name="Steal">steal: taken by the machine below. It counts as in use, for the processor was wanted and could not be had.</param>
internal readonly record struct CpuTimes(ulong Busy, ulong Idle, ulong IoWait, ulong Steal)
{
    /// <summary>Reads the numbers of the line, without its name; kernels before 2.6.11 have fewer of them.</summary>
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

    /// <summary>The share in use since <paramref name="before"/>, 0–100; NaN when no tick has passed or the busy time went backwards.</summary>
    /// <remarks>idle, iowait and steal can go back by a few ticks (proc_stat(5) says so of iowait); they count as unchanged then.</remarks>
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
