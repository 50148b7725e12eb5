namespace PerfPortal.Domain.Journal;

/// <summary>A source that was removed.</summary>
/// <param name="Running">The number of its operations that were in progress.</param>
/// <param name="Deleted">Completes when its data is deleted; fails if that has to wait for the next start.</param>
public sealed record SourceRemoval(int Running, Task<DeletedData> Deleted);

/// <summary>The deleted data of a source.</summary>
/// <param name="Operations">The number of ended operations.</param>
/// <param name="Samples">The number of samples.</param>
public readonly record struct DeletedData(long Operations, long Samples)
{
    /// <summary>The operation names that only this source used.</summary>
    public IReadOnlyList<string> Names { get; init; } = [];
}
