namespace PerfPortal.Benchmarks.Workload.Running;

/// <summary>
/// The models on the disk, in the layout of the Hugging Face cache. A download arrives beside the model that is used and then takes its place, so that a check never
/// sees half a model, and there are never more than two copies.
/// </summary>
internal sealed class ModelFolder : IDisposable
{
    private readonly string _root;
    private readonly SemaphoreSlim _gate = new(1);
    private readonly HashSet<string> _flipped = new(StringComparer.Ordinal);

    /// <summary>Creates it in a new temporary directory.</summary>
    public ModelFolder()
    {
        _root = Directory.CreateTempSubdirectory("perfportal-workload-").FullName;
        Directory.CreateDirectory(Used);
        Directory.CreateDirectory(Arriving);
    }

    /// <summary>The models that are used.</summary>
    public string Used => Path.Combine(_root, "models");

    /// <summary>The models that arrive.</summary>
    public string Arriving => Path.Combine(_root, "arriving");

    /// <summary>What the components keep for themselves.</summary>
    public string State => Path.Combine(_root, "state");

    /// <summary>Keeps the models that are used as they are, until disposed.</summary>
    public async Task<IDisposable> HoldAsync(CancellationToken cancellationToken)
    {
        await _gate.WaitAsync(cancellationToken);
        return new Hold(_gate);
    }

    /// <summary>Puts a model that has arrived in the place of the one before.</summary>
    /// <returns>Whether that one was damaged on purpose.</returns>
    public async Task<bool> PlaceAsync(string repository, CancellationToken cancellationToken)
    {
        using var hold = await HoldAsync(cancellationToken);
        string place = Path.Combine(Used, FolderOf(repository));
        if (Directory.Exists(place))
        {
            Directory.Delete(place, recursive: true);
        }

        Directory.Move(Path.Combine(Arriving, FolderOf(repository)), place);
        return _flipped.Remove(repository);
    }

    /// <summary>Flips one bit of a model's largest file without a trace in its size and modification time, as a failing disk does. Call it while holding the models.</summary>
    /// <returns>Whether it did: a model that is not there, or damaged already, is left alone.</returns>
    public bool Flip(string repository, Random random)
    {
        var blobs = new DirectoryInfo(Path.Combine(Used, FolderOf(repository), "blobs"));
        if (!blobs.Exists || _flipped.Contains(repository) || blobs.EnumerateFiles().MaxBy(file => file.Length) is not { Length: > 0 } file)
        {
            return false;
        }

        var modified = file.LastWriteTimeUtc;
        using (var stream = file.Open(FileMode.Open, FileAccess.ReadWrite))
        {
            stream.Position = random.NextInt64(file.Length);
            int value = stream.ReadByte();
            stream.Position--;
            stream.WriteByte((byte)(value ^ (1 << random.Next(8))));
        }

        file.LastWriteTimeUtc = modified;
        return _flipped.Add(repository);
    }

    /// <summary>Notes that a model is repaired. Call it while holding the models.</summary>
    public void Repaired(string repository) => _flipped.Remove(repository);

    /// <inheritdoc/>
    public void Dispose()
    {
        _gate.Dispose();
        try
        {
            Directory.Delete(_root, recursive: true);
        }
        catch (IOException)
        {
            // A file that is still open stays in the temporary directory.
        }
    }

    private static string FolderOf(string repository) => "models--" + repository.Replace("/", "--", StringComparison.Ordinal);

    private sealed class Hold(SemaphoreSlim gate) : IDisposable
    {
        public void Dispose() => gate.Release();
    }
}
