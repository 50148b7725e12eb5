namespace PerfPortal.Domain.Models.Fallbacks.Breaking;

/// <summary>When the circuit breaker of a candidate opens, and for how long.</summary>
public sealed record BreakerOptions
{
    /// <summary>How many failures in a row open it, at least 1.</summary>
    public int Failures { get; init; } = 3;

    /// <summary>How long it stays open the first time, above 0; twice as long after every probe that fails.</summary>
    public TimeSpan OpenFor { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>How long it stays open at most, at least <see cref="OpenFor"/>.</summary>
    public TimeSpan MaxOpenFor { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>Checks the options.</summary>
    /// <exception cref="ArgumentException">An option is outside its limits.</exception>
    internal void Check()
    {
        if (Failures < 1 || OpenFor <= TimeSpan.Zero || MaxOpenFor < OpenFor || MaxOpenFor > TimeSpan.FromDays(1))
        {
            throw new ArgumentException("Failures must be at least 1, OpenFor above 0, and MaxOpenFor from OpenFor to a day.");
        }
    }
}
