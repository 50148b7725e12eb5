using System.Text.Json.Serialization;
using PerfPortal.Domain.Models.Downloads.Transport;

namespace PerfPortal.Domain.Models.Downloads;

/// <summary>A file of a download as it is stored.</summary>
internal sealed record FileRecord
{
    public required string Url { get; init; }

    public string[] Mirrors { get; init; } = [];

    public required string Path { get; init; }

    public string? Sha256 { get; init; }

    public string? GitSha1 { get; init; }

    public long? SizeBytes { get; init; }

    public string? LinkPath { get; init; }

    /// <summary>The offset and the length of each damaged range; <see langword="null"/> for the whole file.</summary>
    public long[]? Damage { get; init; }

    /// <summary>The damaged ranges.</summary>
    /// <exception cref="FormatException">They cannot be.</exception>
    public IReadOnlyList<DamagedBytes> ReadDamage() => Damage is null ? []
        : Damage.Length % 2 != 0 ? throw new FormatException("A damaged range has no length.")
        : [.. Damage.Chunk(2).Select(range => new DamagedBytes(range[0], range[1]))];
}

/// <summary>A download as it is stored: everything but credentials.</summary>
internal sealed record DownloadRecord
{
    public required Guid Id { get; init; }

    public string? Name { get; init; }

    public required string Directory { get; init; }

    public required FileRecord[] Files { get; init; }

    public string? Proxy { get; init; }

    public SnapshotReference? Snapshot { get; init; }

    public required DownloadState State { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    public DateTimeOffset? EndedAt { get; init; }

    public long BytesDone { get; init; }

    public string? Error { get; init; }

    public string? ErrorCategory { get; init; }

    public bool NeedsCredentials { get; init; }

    public bool IsRepair { get; init; }

    public HubOrigin? Origin { get; init; }

    public RunRecord? LastRun { get; init; }

    /// <summary>The record of a request.</summary>
    public static DownloadRecord Of(Guid id, DownloadRequest request, DownloadState state, DateTimeOffset createdAt) => new()
    {
        Id = id,
        Name = request.Name,
        Directory = request.Directory,
        Proxy = request.Proxy is null ? null : SafeUrl.ForReports(request.Proxy),
        Snapshot = request.Snapshot,
        State = state,
        CreatedAt = createdAt,
        NeedsCredentials = request.NeedsCredentials,
        IsRepair = request.IsRepair,
        Origin = request.Origin,
        Files =
        [
            .. request.Files.Select(file => new FileRecord
            {
                Url = SafeUrl.ForDisk(file.Url),
                Mirrors = [.. file.Mirrors.Select(SafeUrl.ForDisk)],
                Path = file.Path,
                Sha256 = file.Sha256,
                GitSha1 = file.GitSha1,
                SizeBytes = file.SizeBytes,
                LinkPath = file.LinkPath,
                Damage = file.Damage.Count == 0 ? null : [.. file.Damage.SelectMany(range => new[] { range.Offset, range.Length })],
            }),
        ],
    };

    /// <summary>The request, without credentials.</summary>
    /// <exception cref="FormatException">An address or a range is broken.</exception>
    public DownloadRequest ToRequest() => new()
    {
        Name = Name,
        Directory = Directory,
        Proxy = Proxy is null ? null : new Uri(Proxy),
        Snapshot = Snapshot,
        IsRepair = IsRepair,
        Origin = Origin,
        Files =
        [
            .. Files.Select(file => new DownloadFile
            {
                Url = new(file.Url),
                Mirrors = [.. file.Mirrors.Select(mirror => new Uri(mirror))],
                Path = file.Path,
                Sha256 = file.Sha256,
                GitSha1 = file.GitSha1,
                SizeBytes = file.SizeBytes,
                LinkPath = file.LinkPath,
                Damage = file.ReadDamage(),
            }),
        ],
    };
}

/// <summary>The format of the state files.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, UseStringEnumConverter = true, WriteIndented = true,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(DownloadRecord))]
internal sealed partial class DownloadJson : JsonSerializerContext;
