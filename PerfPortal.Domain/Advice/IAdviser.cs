namespace PerfPortal.Domain.Advice;

/// <summary>
/// Answers what history advises: from the history of this process's portal, from a remote portal, or, without either, with the safe defaults. An
/// answer without history is an answer too, so a component works the same without a portal.
/// </summary>
public interface IAdviser
{
    /// <summary>Returns the advice for a question. Does not fail: what cannot be answered has its safe default.</summary>
    /// <exception cref="OperationCanceledException">The question was cancelled.</exception>
    ValueTask<IReadOnlyList<AdviceItem>> AdviseAsync(AdviceQuestion question, CancellationToken cancellationToken);
}

/// <summary>The component that asks.</summary>
public enum AdviceTopic
{
    /// <summary>The downloader.</summary>
    Download,

    /// <summary>The health monitor.</summary>
    HealthCheck,

    /// <summary>The fallback manager.</summary>
    Fallback,
}

/// <summary>What advice is asked for.</summary>
/// <param name="Topic">The component that asks.</param>
/// <param name="Source">The source whose history counts, at most 200 characters; <see langword="null"/> for all.</param>
/// <param name="Name">The operation name whose history counts, at most 200 characters; <see langword="null"/> for all.</param>
/// <param name="Host">Download: the host that serves the files, at most 253 characters; <see langword="null"/> for all.</param>
/// <param name="SizeBytes">Download: the bytes to load, at least 0, for the expected duration.</param>
public sealed record AdviceQuestion(AdviceTopic Topic, string? Source = null, string? Name = null, string? Host = null, long? SizeBytes = null);
