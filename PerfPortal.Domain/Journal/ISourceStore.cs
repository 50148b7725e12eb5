namespace PerfPortal.Domain.Journal;

/// <summary>
/// Removes everything that a source has reported. Hiding a source is one transaction, and is the removal: afterwards all readers answer as if it had never reported, and a new report
/// under its name starts afresh. Its data is deleted later in small steps, also by the next process. The journal's writer calls this, one call at a time, between two commits.
/// </summary>
public interface ISourceStore
{
    /// <summary>
    /// Hides a source and deletes its running operations. After an <see cref="UncertainCommitException"/> it is hidden or not; hiding it again decides.
    /// </summary>
    /// <param name="source">The source.</param>
    /// <param name="cancellationToken">Cancels the operation.</param>
    ValueTask<HiddenSource> HideSourceAsync(string source, CancellationToken cancellationToken);

    /// <summary>Deletes some data of a hidden source, within a fraction of a second.</summary>
    /// <returns>What was deleted, or <see langword="null"/> when no data of hidden sources is left.</returns>
    ValueTask<SourceDeletion?> DeleteHiddenAsync(CancellationToken cancellationToken);
}

/// <summary>A source that has just been hidden.</summary>
/// <param name="Number">The number of the source, or <see langword="null"/> when nothing but running operations can have been stored of it.</param>
/// <param name="Running">The number of its running operations, which are deleted.</param>
public readonly record struct HiddenSource(int? Number, int Running);

/// <summary>A step of deleting the data of a hidden source.</summary>
/// <param name="Number">The number of the source.</param>
/// <param name="Operations">The number of deleted operations.</param>
/// <param name="Samples">The number of deleted samples.</param>
/// <param name="IsDone">Whether nothing of the source is left.</param>
public readonly record struct SourceDeletion(int Number, long Operations, long Samples, bool IsDone)
{
    /// <summary>The operation names that nothing stored carries any more, which are deleted with the last step.</summary>
    public IReadOnlyList<string> Names { get; init; } = [];
}
