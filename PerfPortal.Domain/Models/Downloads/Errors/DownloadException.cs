namespace PerfPortal.Domain.Models.Downloads.Errors;

/// <summary>Why a download ended without its files. The message is a sentence for a person, without credentials.</summary>
public sealed class DownloadException : Exception
{
    /// <summary>Creates an exception.</summary>
    /// <param name="category">Why it failed.</param>
    /// <param name="message">A sentence for a person.</param>
    /// <param name="inner">The cause.</param>
    public DownloadException(DownloadErrorCategory category, string message, Exception? inner = null)
        : base(message, inner) => Category = category;

    /// <summary>Why it failed.</summary>
    public DownloadErrorCategory Category { get; }

    /// <summary>How long the server asks to wait before the next request; <see langword="null"/> when it does not say.</summary>
    public TimeSpan? RetryAfter { get; init; }

    /// <summary>The HTTP status of the answer; <see langword="null"/> when the failure is not an answer's.</summary>
    public int? Status { get; init; }

    /// <summary>Whether the same request may succeed later.</summary>
    public bool IsTransient { get; init; }
}
