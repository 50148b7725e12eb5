using System.Text;

namespace PerfPortal.Domain.Sampling.Probes.Linux;

/// <summary>Read and write rates of block devices from <c>/proc/diskstats</c> (Documentation/admin-guide/iostats of the kernel).</summary>
/// <remarks>
/// The totals cover physical devices only. Partitions, device-mapper and RAID volumes, loop and RAM disks are read too, for the file systems on them, but
/// their traffic passes through the underlying devices and would count twice.
/// </remarks>
internal sealed class BlockDevices(LinuxRoot root) : IDisposable
{
    // The unit of the kernel counters, independent of the block size of the device (block/blk.h).
    private const int SectorBytes = 512;

    private readonly KernelFile _file = root.File("/proc/diskstats");
    private readonly Dictionary<(uint Major, uint Minor), BlockDevice> _devices = [];
    private int _round;

    /// <summary>Bytes read per second over all physical devices; <see langword="null"/> when unknown.</summary>
    public double? Read { get; private set; }

    /// <summary>Bytes written per second over all physical devices; <see langword="null"/> when unknown.</summary>
    public double? Written { get; private set; }

    /// <summary>Whether the last reading contained a physical device.</summary>
    public bool Any { get; private set; }

    /// <summary>Reads the counters.</summary>
    public void Step(TimeSpan now)
    {
        SumOfRates read = default, written = default;
        Any = false;
        _round++;
        if (_file.TryRead(out var text))
        {
            var lines = new KernelLines(text);
            while (lines.TryNext(out var line))
            {
                if (Step(line, now) is not { Physical: true } device)
                {
                    continue;
                }

                Any = true;
                read.Add(device.Read);
                written.Add(device.Written);
            }
        }

        Read = read.Value;
        Written = written.Value;
        Forget();
    }

    /// <summary>Returns the device with the number of the mount or, for file systems with their own numbers (btrfs), with its name; otherwise <see langword="null"/>.</summary>
    public BlockDevice? Find(Mount mount)
    {
        if (_devices.TryGetValue(mount.Device, out var device))
        {
            return device;
        }

        foreach (var other in _devices.Values)
        {
            if (mount.Source.StartsWith("/dev/", StringComparison.Ordinal) && mount.Source.AsSpan(5).SequenceEqual(other.Name))
            {
                return other;
            }
        }

        return null;
    }

    public void Dispose() => _file.Dispose();

    /// <summary><c>254 0 vda 38311 8131 3290450 66635 24251 17523 8981448 …</c>: sectors read are the sixth field, sectors written the tenth.</summary>
    private BlockDevice? Step(ReadOnlySpan<byte> line, TimeSpan now)
    {
        var fields = new KernelFields(line);
        if (!fields.TryNextNumber(out ulong major) || !fields.TryNextNumber(out ulong minor) || !fields.TryNext(out var name)
            || !fields.TrySkip(2) || !fields.TryNextNumber(out ulong read) || !fields.TrySkip(3) || !fields.TryNextNumber(out ulong written))
        {
            return null;
        }

        var number = ((uint)major, (uint)minor);
        if (!_devices.TryGetValue(number, out var device))
        {
            string text = Encoding.UTF8.GetString(name);
            _devices[number] = device = new BlockDevice(text, IsPhysical(text));
        }

        device.Round = _round;
        device.Read.Step(read * SectorBytes, now);
        device.Written.Step(written * SectorBytes, now);
        return device;
    }

    /// <summary>Whether the device is listed in <c>/sys/block</c> (partitions are not) and has a driver (virtual devices do not).</summary>
    private bool IsPhysical(string name) =>
        Directory.Exists(root.At("/sys/block")) ? Directory.Exists(root.At($"/sys/block/{name.Replace('/', '!')}/device")) : LooksPhysical(name);

    /// <summary>Guesses from the name when <c>/sys</c> is missing.</summary>
    private static bool LooksPhysical(string name)
    {
        if (name.StartsWith("nvme", StringComparison.Ordinal) || name.StartsWith("mmcblk", StringComparison.Ordinal))
        {
            return !name.AsSpan(4).Contains('p');
        }

        bool disk = name.StartsWith("sd", StringComparison.Ordinal) || name.StartsWith("vd", StringComparison.Ordinal)
            || name.StartsWith("hd", StringComparison.Ordinal) || name.StartsWith("xvd", StringComparison.Ordinal);
        return disk && !char.IsAsciiDigit(name[^1]);
    }

    private void Forget()
    {
        foreach (((uint, uint) number, var device) in _devices)
        {
            if (device.Round != _round)
            {
                _devices.Remove(number);
            }
        }
    }
}

/// <summary>The counters of a block device.</summary>
internal sealed class BlockDevice(string name, bool physical)
{
    public CounterRate Read;
    public CounterRate Written;

    public string Name { get; } = name;

    public bool Physical { get; } = physical;

    public int Round { get; set; }
}
