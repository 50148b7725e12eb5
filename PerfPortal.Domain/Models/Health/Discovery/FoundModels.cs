namespace PerfPortal.Domain.Models.Health.Discovery;

/// <summary>What a search found.</summary>
/// <param name="Models">The models, by name.</param>
/// <param name="IsBounded">Whether a bound left some out.</param>
/// <param name="Unseen">The directories whose models are not known to be gone, since nothing below was seen or not everything: they could not be read, were missing or were empty.</param>
/// <param name="Failures">The models that could not be described, by their directories, and why.</param>
internal sealed record FoundModels(IReadOnlyList<ModelLocation> Models, bool IsBounded, IReadOnlySet<string> Unseen, IReadOnlyList<(string Directory, Exception Reason)> Failures)
{
    /// <summary>Whether nobody can tell if what was in a directory is still there, as the directory or one above was not seen.</summary>
    public bool IsUnseen(string directory)
    {
        for (string? at = directory; at is not null; at = Path.GetDirectoryName(at))
        {
            if (Unseen.Contains(at))
            {
                return true;
            }
        }

        return false;
    }
}
