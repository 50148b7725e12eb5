namespace PerfPortal.Domain.Alerts.Signals;

/// <summary>Gives the performance score as the dashboard shows it. Thread-safe. Exceptions propagate.</summary>
public interface IScoreSource
{
    /// <summary>Returns the score, 0–100; <see langword="null"/> without enough data.</summary>
    /// <param name="source">The source; <see langword="null"/> for all.</param>
    /// <param name="at">A past moment, or <see langword="null"/> for the present.</param>
    /// <param name="cancellationToken">Cancels the operation.</param>
    Task<double?> ReadAsync(string? source, DateTimeOffset? at, CancellationToken cancellationToken);
}
