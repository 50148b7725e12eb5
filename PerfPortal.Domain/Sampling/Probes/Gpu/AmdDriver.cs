using PerfPortal.Domain.Resources;
using PerfPortal.Domain.Sampling.Probes.Linux;

namespace PerfPortal.Domain.Sampling.Probes.Gpu;

/// <summary>Reads AMD GPUs from the files of the amdgpu kernel driver under <c>/sys/class/drm</c>. Scans for cards every five minutes.</summary>
internal sealed class AmdDriver(LinuxRoot root) : IGpuDriver
{
    private const string Cards = "/sys/class/drm";
    private const string AmdVendor = "0x1002";

    private static readonly TimeSpan RescanInterval = TimeSpan.FromMinutes(5);

    private static readonly SensorStatus NoCard = new(SensorState.Absent, "No AMD GPU was found.");

    private static readonly SensorStatus Silent =
        new(SensorState.Failed, "The driver of an AMD GPU reports neither utilization nor memory.");

    private readonly List<Card> _cards = [];
    private TimeSpan? _rescanAt;

    public SensorStatus Read(List<GpuValues> gpus, TimeSpan now)
    {
        if (_rescanAt is null || now >= _rescanAt)
        {
            _rescanAt = now + RescanInterval;
            Scan();
        }

        var status = _cards.Count == 0 ? NoCard : SensorStatus.Ok;
        foreach (var card in _cards)
        {
            var values = card.Read();
            if (double.IsNaN(values.Utilization) && double.IsNaN(values.MemoryUsed))
            {
                status = Silent;
            }
            else
            {
                gpus.Add(values);
            }
        }

        return status;
    }

    public void Dispose()
    {
        foreach (var card in _cards)
        {
            card.Dispose();
        }

        _cards.Clear();
    }

    /// <summary>Cards are named <c>card0</c>, <c>card1</c>; <c>card0-DP-1</c> is a connector.</summary>
    private void Scan()
    {
        Dispose();
        if (!Directory.Exists(root.At(Cards)))
        {
            return;
        }

        foreach (string path in Directory.GetDirectories(root.At(Cards), "card*").Order(StringComparer.Ordinal))
        {
            string name = Path.GetFileName(path);
            if (!name.Contains('-', StringComparison.Ordinal) && FirstLine($"{path}/device/vendor") == AmdVendor)
            {
                _cards.Add(new Card(root, $"{Cards}/{name}/device", FirstLine($"{path}/device/product_name") is { Length: > 0 } product ? product : $"AMD GPU ({name})"));
            }
        }
    }

    private static string? FirstLine(string path)
    {
        try
        {
            return File.Exists(path) ? File.ReadAllText(path).Trim() : null;
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    private sealed class Card : IDisposable
    {
        private readonly string _name;
        private readonly KernelFile _busy;
        private readonly KernelFile _used;
        private readonly KernelFile _total;
        private readonly KernelFile? _temperature;
        private readonly KernelFile? _power;

        public Card(LinuxRoot root, string device, string name)
        {
            _name = name;
            _busy = root.File($"{device}/gpu_busy_percent");
            _used = root.File($"{device}/mem_info_vram_used");
            _total = root.File($"{device}/mem_info_vram_total");
            if (Monitor(root, device) is not { } monitor)
            {
                return;
            }

            _temperature = root.File($"{monitor}/temp1_input");

            // Older kernels report the average power, newer ones the current power.
            _power = root.File(File.Exists(root.At($"{monitor}/power1_average")) ? $"{monitor}/power1_average" : $"{monitor}/power1_input");
        }

        /// <summary>The driver reports thousandths of a degree and millionths of a watt.</summary>
        public GpuValues Read() =>
            new(_name, Math.Min(100, Number(_busy)), Number(_used), Number(_total), Number(_temperature) / 1e3, Number(_power) / 1e6);

        public void Dispose()
        {
            _busy.Dispose();
            _used.Dispose();
            _total.Dispose();
            _temperature?.Dispose();
            _power?.Dispose();
        }

        private static double Number(KernelFile? file) => file is not null && file.TryReadNumber(out ulong number) ? number : double.NaN;

        private static string? Monitor(LinuxRoot root, string device)
        {
            string path = root.At($"{device}/hwmon");
            return Directory.Exists(path) && Directory.GetDirectories(path, "hwmon*").Order(StringComparer.Ordinal).FirstOrDefault() is { } first
                ? $"{device}/hwmon/{Path.GetFileName(first)}"
                : null;
        }
    }
}
