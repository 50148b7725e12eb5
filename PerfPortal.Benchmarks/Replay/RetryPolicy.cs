namespace PerfPortal.Benchmarks.Replay;

/// <summary>How often and how patiently a request is sent again.</summary>
internal sealed record RetryPolicy
{
    /// <summary>Attempts in all, the first counted; 6 by default, which with the waits below is a quarter of a minute.</summary>
    public int Attempts { get; init; } = 6;

    /// <summary>The total number of attempts if the server sends Retry-After each time; 60 by default.</summary>
    public int AttemptsWhenAsked { get; init; } = 60;

    /// <summary>The wait before the second attempt; it doubles with each further one. 0.5 s by default.</summary>
    public TimeSpan FirstDelay { get; init; } = TimeSpan.FromMilliseconds(500);

    /// <summary>The longest wait that is chosen here; 15 s by default.</summary>
    public TimeSpan MaxDelay { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>The longest <c>Retry-After</c> that is honoured; a server that asks for more is given up. 10 minutes by default.</summary>
    public TimeSpan MaxRetryAfter { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>The attempts that an answer with or without <c>Retry-After</c> allows.</summary>
    public int AttemptsAt(TimeSpan? retryAfter) => retryAfter is null ? Attempts : AttemptsWhenAsked;

    /// <summary>The wait after a failed attempt.</summary>
    /// <param name="attempt">The attempt that failed, from 1.</param>
    /// <param name="retryAfter">What the server asked for, if it did.</param>
    /// <returns>The wait, or <see langword="null"/> when there is to be no further attempt.</returns>
    public TimeSpan? DelayAfter(int attempt, TimeSpan? retryAfter)
    {
        if (attempt >= AttemptsAt(retryAfter) || retryAfter > MaxRetryAfter)
        {
            return null;
        }

        if (retryAfter is { } asked)
        {
            return asked > TimeSpan.Zero ? asked : TimeSpan.Zero;
        }

        double doubled = FirstDelay.TotalSeconds * Math.Pow(2, attempt - 1);
        return TimeSpan.FromSeconds(Math.Min(doubled, MaxDelay.TotalSeconds));
    }
}
