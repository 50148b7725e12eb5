using System.Diagnostics.CodeAnalysis;
using PerfPortal.Benchmarks.Measuring;
using PerfPortal.Benchmarks.Workload.Models;

namespace PerfPortal.Benchmarks.Components;

/// <summary>The directory that the parts of the verb share, with a generated model in it; deleted in the end.</summary>
internal sealed class ComponentBench : IDisposable
{
    private const string Memory = "/dev/shm";
    private const int WriteBytes = 1 << 20;

    // The model, a copy that is loaded, and one of the yardstick, with some room left.
    private const double Copies = 3.5;

    private readonly TextWriter _progress;
    private readonly long _modelBytes;
    private string? _weights;

    private ComponentBench(string root, long modelBytes, int runs, TextWriter progress)
    {
        Root = root;
        Runs = runs;
        _modelBytes = modelBytes;
        _progress = progress;
    }

    /// <summary>The directory; nothing else is in it.</summary>
    public string Root { get; }

    /// <summary>The runs of each figure, at least 1.</summary>
    public int Runs { get; }

    /// <summary>The directory of the model.</summary>
    public string ModelDirectory => Path.Join(Root, "served", "model");

    /// <summary>Chooses a place with room.</summary>
    /// <exception cref="MeasuringException">There is none.</exception>
    public static ComponentBench Create(string? directory, int megabytes, int runs, TextWriter progress)
    {
        long wanted = Math.Max(16, megabytes) * 1_000_000L;
        string place = directory ?? (Directory.Exists(Memory) && FreeBytes(Memory) >= wanted * Copies ? Memory : Path.GetTempPath());
        long bytes = Math.Min(wanted, (long)(FreeBytes(place) / Copies));
        if (bytes < 16_000_000)
        {
            throw new MeasuringException($"There is no room for the files in {place}.");
        }

        string root = Path.Join(place, $"perfportal-components-{Environment.ProcessId}");
        Directory.CreateDirectory(root);
        return new(root, bytes, runs, progress);
    }

    /// <summary>The weights of the model, which are generated when they are first needed: a valid safetensors file.</summary>
    public string Weights()
    {
        if (_weights is null)
        {
            var commit = ModelCommit.Generate(new("bench/model", ModelFormat.Safetensors, _modelBytes), seed: 1);
            foreach (var file in commit.Files.Values)
            {
                Write(file, Path.Join(ModelDirectory, file.Path));
            }

            _weights = Path.Join(ModelDirectory, commit.Files.Values.Single(file => file.IsLarge).Path);
        }

        return _weights;
    }

    /// <summary>Returns an empty directory.</summary>
    public string Fresh(string name)
    {
        string path = Path.Join(Root, name);
        if (Directory.Exists(path))
        {
            Directory.Delete(path, recursive: true);
        }

        Directory.CreateDirectory(path);
        return path;
    }

    /// <summary>Tells the progress.</summary>
    public Task TellAsync(string line) => _progress.WriteLineAsync(line);

    /// <inheritdoc/>
    [SuppressMessage("Design", "CA1031:Do not catch general exception types", Justification = "The figures count; a directory that is left over does not.")]
    public void Dispose()
    {
        try
        {
            Directory.Delete(Root, recursive: true);
        }
        catch (Exception exception)
        {
            _progress.WriteLine($"{Root} could not be deleted: {exception.Message}");
        }
    }

    private static long FreeBytes(string directory) => new DriveInfo(Path.GetFullPath(directory)).AvailableFreeSpace;

    private static void Write(ModelFile file, string path)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        using var target = File.Create(path);
        byte[] buffer = new byte[WriteBytes];
        for (long offset = 0; offset < file.Length; offset += WriteBytes)
        {
            var part = buffer.AsSpan(0, (int)Math.Min(WriteBytes, file.Length - offset));
            file.Content.Read(offset, part);
            target.Write(part);
        }
    }
}
