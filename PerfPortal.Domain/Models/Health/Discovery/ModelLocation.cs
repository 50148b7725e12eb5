using PerfPortal.Domain.Models.Files;
using PerfPortal.Domain.Models.Health.Results;
using PerfPortal.Domain.Models.Manifests;

namespace PerfPortal.Domain.Models.Health.Discovery;

/// <summary>A model that was found, with the files that it has and should have.</summary>
/// <param name="Name">The name.</param>
/// <param name="Directory">The directory that the paths of its files are relative to.</param>
/// <param name="Files">The files, by path.</param>
/// <param name="Reasons">What was wrong already when it was looked for, such as a manifest that cannot be read.</param>
internal sealed record ModelLocation(string Name, string Directory, IReadOnlyList<LocatedFile> Files, IReadOnlyList<HealthReason> Reasons)
{
    /// <summary>The directories from that of the model up to the one that was searched.</summary>
    public IReadOnlyList<MarkedDirectory> Marks { get; init; } = [];
}

/// <summary>A file of a model.</summary>
/// <param name="Path">The path below the model's directory, with <c>/</c>.</param>
/// <param name="FullPath">Where it is or should be.</param>
/// <param name="Kind">What is there.</param>
/// <param name="Expected">What it should be; <see langword="null"/> when nothing says so.</param>
/// <param name="ExpectedBy">What says that it should be there, for people; <see langword="null"/> when nothing does.</param>
internal sealed record LocatedFile(string Path, string FullPath, EntryKind Kind, ManifestFile? Expected, string? ExpectedBy)
{
    /// <summary>Whether a file is there. One that cannot be looked at counts: reading it says why.</summary>
    public bool IsThere => RegularFile.Refuse(Kind) is null;

    /// <summary>The bytes that a download has brought of a file that is not there yet.</summary>
    public long LoadedBytes { get; init; }

    /// <summary>
    /// Says why no file is there. Something else of which nobody says that the model needs it, such as the socket of a program, makes no model incomplete.
    /// </summary>
    public HealthReason Absence()
    {
        string name = Path[(Path.LastIndexOf('/') + 1)..];
        bool isNeeded = ExpectedBy is not null || FileKinds.IsWeights(name) || FileKinds.IsConfiguration(name);
        return new(
            Path, isNeeded ? HealthReasonKinds.Missing : HealthReasonKinds.Unreadable, null, null,
            RegularFile.Refuse(Kind) + (ExpectedBy is null ? "." : $"; {ExpectedBy} says that it belongs to the model."), isNeeded ? HealthSeverity.Error : HealthSeverity.Warning);
    }
}
