using PerfPortal.Domain.Models.Downloads;
using PerfPortal.Domain.Models.Downloads.Hub;

namespace PerfPortal.Server.Models;

/// <summary>A download that somebody asks the portal for: files by their addresses, or a repository of the hub.</summary>
internal sealed record DownloadOrder
{
    /// <summary>The name that people read, which is also the directory of the files; at most 200 characters.</summary>
    public required string Name { get; init; }

    /// <summary>One of <see cref="ModelPlaces.All"/>.</summary>
    public required string Place { get; init; }

    /// <summary>The files; empty for a repository.</summary>
    public IReadOnlyList<DownloadFile> Files { get; init; } = [];

    /// <summary>The repository, <c>name</c> or <c>org/name</c>; <see langword="null"/> for files.</summary>
    public string? Repository { get; init; }

    /// <summary>The branch, tag or commit of the repository.</summary>
    public string Revision { get; init; } = "main";

    /// <summary>How the files of a repository are placed; <see langword="null"/> for the way of its directory.</summary>
    public SnapshotLayout? Layout { get; init; }
}
