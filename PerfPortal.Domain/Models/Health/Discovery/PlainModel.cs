using PerfPortal.Domain.Models.Downloads.Files;
using PerfPortal.Domain.Models.Files;
using PerfPortal.Domain.Models.Health.Results;
using PerfPortal.Domain.Models.Manifests;

namespace PerfPortal.Domain.Models.Health.Discovery;

/// <summary>A model in an ordinary directory: its files, and what manifests, checksum lists, numbered names and the hub's notes say that they should be.</summary>
internal sealed class PlainModel
{
    private readonly string _directory;
    private readonly Dictionary<string, (ManifestFile File, string By)> _expected = new(StringComparer.Ordinal);
    private readonly Dictionary<string, long> _loaded = new(StringComparer.Ordinal);
    private readonly List<HealthReason> _reasons = [];

    private PlainModel(string directory) => _directory = directory;

    /// <summary>Reads a model.</summary>
    /// <param name="name">Its name, unless its manifest has one.</param>
    /// <param name="directory">Its directory.</param>
    /// <param name="files">Its files, as paths below the directory.</param>
    public static ModelLocation Read(string name, string directory, IReadOnlyList<string> files) => new PlainModel(directory).Read(name, files);

    private ModelLocation Read(string name, IReadOnlyList<string> files)
    {
        var manifest = ReadManifest();
        var there = files.ToHashSet(StringComparer.Ordinal);
        foreach (string path in files)
        {
            ReadChecksums(path);
            foreach (string shard in ShardNames.SetOf(path))
            {
                _expected.TryAdd(shard, (new() { Path = shard }, "the numbers in the names of the others"));
            }

            if (HubMetadata.Of(_directory, path) is { } noted)
            {
                Expect(noted, "the hub's client");
            }

            AddPartial(path, there);
        }

        var located = there.Union(_expected.Keys).Where(path => FileKinds.FinalOf(path) is null && !FileKinds.IsPartNote(path)).Order(StringComparer.Ordinal).Take(ModelManifest.MaxFiles).Select(Locate);
        return new(string.IsNullOrWhiteSpace(manifest?.Name) ? name : manifest.Name, _directory, [.. located], _reasons);
    }

    private LocatedFile Locate(string path)
    {
        string full = Path.Combine(_directory, path);
        return new(path, full, RegularFile.KindOf(full), _expected.TryGetValue(path, out var known) ? known.File : null, known.By) { LoadedBytes = _loaded.GetValueOrDefault(path) };
    }

    private ModelManifest? ReadManifest()
    {
        try
        {
            var manifest = ModelManifest.Read(_directory);
            foreach (var file in manifest?.Files ?? [])
            {
                Expect(file, "the manifest");
            }

            return manifest;
        }
        catch (Exception exception) when (exception is InvalidDataException or IOException or UnauthorizedAccessException)
        {
            _reasons.Add(new(ModelManifest.RelativePath, HealthReasonKinds.Unreadable, null, null, exception.Message, HealthSeverity.Warning));
            return null;
        }
    }

    private void ReadChecksums(string path)
    {
        string name = path[(path.LastIndexOf('/') + 1)..];
        string full = Path.Combine(_directory, path);
        if (!ChecksumFiles.Is(name) || !RegularFile.Exists(full))
        {
            return;
        }

        try
        {
            foreach (var file in ChecksumFiles.Read(full, path[..^name.Length]))
            {
                Expect(file, name);
            }
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            _reasons.Add(new(path, HealthReasonKinds.Unreadable, null, null, "The list of checksums cannot be read: " + exception.Message, HealthSeverity.Warning));
        }
    }

    // What is known already stands; the rest is filled in.
    private void Expect(ManifestFile file, string by)
    {
        if (_expected.TryGetValue(file.Path, out var known))
        {
            bool hasHash = known.File.Sha256 is not null || known.File.GitSha1 is not null;
            _expected[file.Path] = (
                known.File with
                {
                    SizeBytes = known.File.SizeBytes ?? file.SizeBytes,
                    Sha256 = hasHash ? known.File.Sha256 : file.Sha256?.ToLowerInvariant(),
                    GitSha1 = hasHash ? known.File.GitSha1 : file.GitSha1?.ToLowerInvariant(),
                },
                hasHash ? known.By : by);
        }
        else
        {
            _expected.Add(file.Path, (file with { Sha256 = file.Sha256?.ToLowerInvariant(), GitSha1 = file.GitSha1?.ToLowerInvariant() }, by));
        }
    }

    private void AddPartial(string path, HashSet<string> there)
    {
        if (FileKinds.FinalOf(path) is not { } final)
        {
            return;
        }

        if (!there.Contains(final))
        {
            var progress = PartJournal.Progress(Path.Combine(_directory, final));
            Expect(new() { Path = final, SizeBytes = progress?.Size }, "a download");
            _loaded[final] = progress?.Loaded ?? 0;
        }

        bool isOld = there.Contains(final) && !path.EndsWith(".aria2", StringComparison.OrdinalIgnoreCase);
        _reasons.Add(new(
            final, HealthReasonKinds.PartialDownload, null, null, isOld ? $"'{path}' belongs to a download or a repair that has not ended, or is left over." : $"The download of '{final}' has not ended.",
            isOld ? HealthSeverity.Info : HealthSeverity.Error));
    }
}
