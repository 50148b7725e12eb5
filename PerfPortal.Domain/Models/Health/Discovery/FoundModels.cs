namespace PerfPortal.Domain.Models.Health.Discovery;

/// <summary>What a search found.</summary>
/// <param name="Models">The models, by name.</param>
/// <param name="IsBounded">Whether a bound left some out.</param>
/// <param name="Unseen">The directories whose models are not known to be gone, since nothing below was seen or not everything: they could not be read, or were missing.</param>
/// <param name="Failures">The models that could not be described, by their directories, and why.</param>
internal sealed record FoundModels(IReadOnlyList<ModelLocation> Models, bool IsBounded, IReadOnlySet<string> Unseen, IReadOnlyList<(string Directory, Exception Reason)> Failures)
{
    /// <summary>The directories that were empty, as the place of a disk is that is not mounted, with their marks.</summary>
    public IReadOnlyDictionary<string, DirectoryMark?> Empty { get; init; } = new Dictionary<string, DirectoryMark?>();

    /// <summary>
    /// Whether nobody can tell if what was in a directory is still there, as the directory or one above was not seen. An empty one was seen if it is the one in which the model was found; and where a disk was
    /// mounted then, nothing was seen unless one is mounted now.
    /// </summary>
    /// <param name="directory">The directory.</param>
    /// <param name="marks">The directories from there upwards, as they were when the model was found.</param>
    /// <param name="mark">Reads a mark.</param>
    public bool IsUnseen(string directory, IReadOnlyList<MarkedDirectory> marks, Func<string, DirectoryMark?> mark)
    {
        for (string? at = directory; at is not null; at = Path.GetDirectoryName(at))
        {
            if (Unseen.Contains(at) || (Empty.TryGetValue(at, out var empty) && (empty is null || marks.FirstOrDefault(known => known.Path == at)?.Mark != empty)))
            {
                return true;
            }
        }

        return marks.Any(known => known.Mark.IsMountRoot && mark(known.Path) is not { IsMountRoot: true });
    }
}
