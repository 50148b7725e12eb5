using System.Text.Json;
using System.Text.Json.Serialization;
using PerfPortal.Domain.Models.Files;

namespace PerfPortal.Domain.Models.Manifests;

/// <summary>
/// What a model consists of: <c>.perfportal/manifest.json</c> in its directory, written by a download and read by the health monitor. Any program may write it:
/// <c>{ "version": 1, "name": "org/model", "files": [ { "path": "model.safetensors", "size_bytes": 12, "sha256": "…" } ] }</c>. Unknown members are ignored.
/// </summary>
public sealed record ModelManifest
{
    /// <summary>The path of the manifest below the model's directory.</summary>
    public const string RelativePath = ".perfportal/manifest.json";

    /// <summary>The maximum size of a manifest file in bytes.</summary>
    public const int MaxBytes = 16 * 1024 * 1024;

    /// <summary>The maximum number of files of a manifest.</summary>
    public const int MaxFiles = 10_000;

    /// <summary>The version of the format: 1.</summary>
    public int Version { get; init; } = 1;

    /// <summary>The name of the model; <see langword="null"/> for the name of the directory.</summary>
    public string? Name { get; init; }

    /// <summary>The revision that was downloaded; <see langword="null"/> when unknown.</summary>
    public string? Revision { get; init; }

    /// <summary>The files, at most <see cref="MaxFiles"/>.</summary>
    public required IReadOnlyList<ManifestFile> Files { get; init; }

    /// <summary>Reads the manifest of a directory.</summary>
    /// <returns>The manifest, or <see langword="null"/> if the directory has none.</returns>
    /// <exception cref="InvalidDataException">It is not a valid manifest; the message says why.</exception>
    /// <exception cref="IOException">It cannot be read.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be read.</exception>
    public static ModelManifest? Read(string directory)
    {
        string path = Path.Combine(directory, RelativePath);
        var kind = RegularFile.KindOf(path);
        if (kind == EntryKind.Missing)
        {
            return null;
        }

        if (RegularFile.Refuse(kind) is { } refusal)
        {
            throw new InvalidDataException(refusal + ".");
        }

        try
        {
            var manifest = JsonSerializer.Deserialize(RegularFile.ReadAllBytes(path, MaxBytes), ManifestJson.Default.ModelManifest) ?? throw new InvalidDataException("The manifest is empty.");
            manifest.Validate();
            return manifest;
        }
        catch (JsonException exception)
        {
            throw new InvalidDataException("The manifest is not valid JSON: " + exception.Message, exception);
        }
    }

    /// <summary>Writes the manifest into a directory as a whole: after a crash there is either the old one or this one.</summary>
    /// <exception cref="InvalidDataException">A path, a hash or a size is not valid.</exception>
    /// <exception cref="IOException">It cannot be written.</exception>
    public void Write(string directory)
    {
        Validate();
        string path = Path.Combine(directory, RelativePath);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        AtomicFile.Write(path, stream => JsonSerializer.Serialize(stream, this, ManifestJson.Default.ModelManifest));
    }

    private void Validate()
    {
        if (Version != 1)
        {
            throw new InvalidDataException($"The manifest has the version {Version}; only 1 is known.");
        }

        if (Files is null || Files.Count > MaxFiles)
        {
            throw new InvalidDataException($"The manifest must have a list of at most {MaxFiles} files.");
        }

        foreach (var file in Files)
        {
            if (file?.Path is null || !ManifestFile.IsSafe(file.Path))
            {
                throw new InvalidDataException($"The manifest names the file '{file?.Path}', which is not a path below the model's directory.");
            }

            if (file.SizeBytes < 0 || (file.Sha256 is not null && !ManifestFile.IsHash(file.Sha256, 64)) || (file.GitSha1 is not null && !ManifestFile.IsHash(file.GitSha1, 40)))
            {
                throw new InvalidDataException($"The manifest has an invalid size or hash for '{file.Path}'.");
            }
        }
    }
}

[JsonSerializable(typeof(ModelManifest))]
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull, WriteIndented = true)]
internal sealed partial class ManifestJson : JsonSerializerContext;
