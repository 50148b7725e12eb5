using PerfPortal.Domain.Resources;
using PerfPortal.Domain.Sampling;
using PerfPortal.Domain.Sampling.Probes;
using PerfPortal.Domain.Sampling.Probes.Linux;

namespace PerfPortal.Tests.Sampling;

/// <summary>A tree of /proc and /sys in a temporary directory, and a clock to read it by.</summary>
internal sealed class FakeLinux : IDisposable
{
    private readonly string _directory = Directory.CreateTempSubdirectory("perfportal-fake-").FullName;
    private readonly Dictionary<string, FileSystemSize> _sizes = [];

    public FakeLinux() => Root = new(_directory) { ReadSize = ReadSize };

    public LinuxRoot Root { get; }

    public TimeSpan Now { get; set; } = TimeSpan.FromHours(1);

    public FakeLinux Write(string path, string text)
    {
        string place = _directory + path;
        Directory.CreateDirectory(Path.GetDirectoryName(place)!);
        File.WriteAllText(place, text);
        return this;
    }

    public FakeLinux MakeDirectory(string path)
    {
        Directory.CreateDirectory(_directory + path);
        return this;
    }

    public FakeLinux Size(string mountPoint, double total, double free, double available)
    {
        _sizes[mountPoint] = new(total, free, available);
        return this;
    }

    /// <summary>Reads a probe and lets time pass.</summary>
    public (ResourceSample Sample, SensorStatus Status) Read(IResourceProbe probe, double secondsAfter = 10)
    {
        using var probes = new HostProbes([new Lent(probe)]);
        var sample = new ResourceSample("fake", DateTimeOffset.UnixEpoch);
        probes.Measure(sample, Now);
        probes.Detail(sample);
        Now += TimeSpan.FromSeconds(secondsAfter);
        return (sample, sample.Sensors[probe.Sensor]);
    }

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    private bool ReadSize(byte[] path, out FileSystemSize size) =>
        _sizes.TryGetValue(System.Text.Encoding.UTF8.GetString(path)[_directory.Length..^1], out size);

    /// <summary>A probe that outlives the set that it is read by.</summary>
    private sealed class Lent(IResourceProbe probe) : IResourceProbe
    {
        public string Sensor => probe.Sensor;

        public SensorStatus Measure(ResourceSample sample, TimeSpan now) => probe.Measure(sample, now);

        public void Detail(ResourceSample sample) => probe.Detail(sample);

        public void Dispose()
        {
        }
    }
}
