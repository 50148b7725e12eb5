using System.Text;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;
using PerfPortal.Domain.Advice;
using PerfPortal.Domain.Models.Health;
using PerfPortal.Domain.Models.Health.Discovery;
using PerfPortal.Domain.Models.Health.Reading;
using PerfPortal.Domain.Resources;
using PerfPortal.Domain.Tracking;

namespace PerfPortal.Tests.Models.Health;

/// <summary>Models in a temporary directory, and monitors of them on a fake clock.</summary>
internal sealed class ModelFolder : IDisposable
{
    private readonly string _root = Directory.CreateTempSubdirectory("perfportal-models-").FullName;

    public ModelFolder() => Directory.CreateDirectory(Models);

    public FakeTimeProvider Time { get; } = new(new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero));

    public string Models => Path.Combine(_root, "models");

    public string State => Path.Combine(_root, "state");

    public string Write(string path, ReadOnlySpan<byte> bytes)
    {
        string full = Path.Combine(Models, path);
        Directory.CreateDirectory(Path.GetDirectoryName(full)!);
        File.WriteAllBytes(full, bytes);
        return full;
    }

    public string Write(string path, string text) => Write(path, Encoding.UTF8.GetBytes(text));

    /// <summary>A file of so many blocks that nothing examines the structure of.</summary>
    public string WriteBlocks(string path, double blocks)
    {
        byte[] bytes = new byte[(int)(blocks * BlockHashes.BlockSize)];
        new Random(5).NextBytes(bytes);
        return Write(path, bytes);
    }

    /// <summary>Changes one bit and sets the modification time back, as a failing disk would.</summary>
    public static void FlipSilently(string path, long at)
    {
        var modified = File.GetLastWriteTimeUtc(path);
        using (var stream = new FileStream(path, FileMode.Open, FileAccess.ReadWrite))
        {
            stream.Position = at;
            int value = stream.ReadByte();
            stream.Position = at;
            stream.WriteByte((byte)(value ^ 4));
        }

        File.SetLastWriteTimeUtc(path, modified);
    }

    /// <summary>A monitor that, like one on a system without change times, does not see that a file was written when its modification time was set back.</summary>
    public ModelHealthMonitor Monitor(
        PerformanceTracker? tracker = null, IAdviser? adviser = null, ILogger? logger = null, Func<ResourceSample?>? resources = null, Random? random = null, Func<ModelHealthOptions, ModelHealthOptions>? change = null,
        bool seesChangeTimes = false, Func<string, IEnumerable<FileSystemInfo>>? list = null, Func<string, DirectoryMark?>? mark = null)
    {
        var options = new ModelHealthOptions { Directories = [Models], StateDirectory = State, Source = "host" };
        return new(
            change?.Invoke(options) ?? options, tracker, adviser, Time, logger, resources, random,
            path => FileStamp.Of(path) is { } stamp ? stamp with { ChangedNs = seesChangeTimes ? stamp.ChangedNs : 0 } : null, list, mark);
    }

    public void Dispose() => Directory.Delete(_root, recursive: true);
}
