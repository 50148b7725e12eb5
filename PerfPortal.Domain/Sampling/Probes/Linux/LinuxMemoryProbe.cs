using PerfPortal.Domain.Resources;

namespace PerfPortal.Domain.Sampling.Probes.Linux;

/// <summary>
/// Reads memory from <c>/proc/meminfo</c>; used is total − available, like <c>free</c> since procps 4, and memory that ZFS releases on demand counts as available. If a control
/// group allows less than the host has, its limit is the total and its usage is the used memory.
/// </summary>
internal sealed class LinuxMemoryProbe(LinuxRoot root) : IResourceProbe
{
    private readonly KernelFile _info = root.File("/proc/meminfo");
    private readonly ZfsCache _zfs = new(root);
    private readonly MemoryLimit _limit = new(root);

    public string Sensor => Sensors.Memory;

    public SensorStatus Measure(ResourceSample sample, TimeSpan now)
    {
        _limit.Refresh(now);
        if (!_info.TryRead(out var text))
        {
            return _info.Unreadable();
        }

        if (!TryParse(text, out var host))
        {
            return _info.Unintelligible();
        }

        double total = host.Total;
        double available = Math.Min(host.Available + _zfs.ReadReclaimable(), total);
        double used = total - available;
        bool limited = _limit.Bytes < total && _limit.TryReadUsed(out used);
        if (limited)
        {
            total = _limit.Bytes!.Value;
            used = Math.Min(used, total);
            available = Math.Min(available, total - used);
        }

        sample[ResourceMetric.MemoryTotalMb] = total / ByteUnits.Mebibyte;
        sample[ResourceMetric.MemoryUsedMb] = used / ByteUnits.Mebibyte;
        sample[ResourceMetric.MemoryAvailableMb] = available / ByteUnits.Mebibyte;
        sample[ResourceMetric.MemoryPercent] = 100 * used / total;
        SetSwap(sample, host, limited);
        return SensorStatus.Ok;
    }

    public void Detail(ResourceSample sample)
    {
    }

    public void Dispose()
    {
        _info.Dispose();
        _zfs.Dispose();
        _limit.Dispose();
    }

    private void SetSwap(ResourceSample sample, in Reading host, bool limited)
    {
        if (host.SwapTotal is not { } total || host.SwapFree is not { } free)
        {
            return;
        }

        double used = Math.Max(0, total - free);
        if (limited && _limit.TryReadSwap(out ulong own))
        {
            total = Math.Min(total, _limit.SwapBytes ?? double.MaxValue);
            used = Math.Min(own, total);
        }

        sample[ResourceMetric.SwapTotalMb] = total / ByteUnits.Mebibyte;
        sample[ResourceMetric.SwapUsedMb] = used / ByteUnits.Mebibyte;
    }

    /// <summary>Kernels before 3.14 do not report available memory; free memory, buffers and cached pages are the estimate.</summary>
    private static bool TryParse(ReadOnlySpan<byte> text, out Reading reading)
    {
        double? total = null, free = null, available = null, buffers = null, cached = null, swapTotal = null, swapFree = null;
        var lines = new KernelLines(text);
        while (lines.TryNext(out var line))
        {
            var fields = new KernelFields(line);
            if (!fields.TryNext(out var name) || !fields.TryNextNumber(out ulong kibibytes))
            {
                continue;
            }

            double bytes = kibibytes * 1024d;
            if (name.SequenceEqual("MemTotal:"u8))
            {
                total = bytes;
            }
            else if (name.SequenceEqual("MemFree:"u8))
            {
                free = bytes;
            }
            else if (name.SequenceEqual("MemAvailable:"u8))
            {
                available = bytes;
            }
            else if (name.SequenceEqual("Buffers:"u8))
            {
                buffers = bytes;
            }
            else if (name.SequenceEqual("Cached:"u8))
            {
                cached = bytes;
            }
            else if (name.SequenceEqual("SwapTotal:"u8))
            {
                swapTotal = bytes;
            }
            else if (name.SequenceEqual("SwapFree:"u8))
            {
                swapFree = bytes;
                break;
            }
        }

        available ??= free + buffers + cached;
        reading = new(total ?? 0, available ?? 0, swapTotal, swapFree);
        return total > 0 && available is not null;
    }

    private readonly record struct Reading(double Total, double Available, double? SwapTotal, double? SwapFree);
}
