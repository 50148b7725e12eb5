namespace PerfPortal.Benchmarks.Replay.Traces;

/// <summary>Times and durations of the traces, kept to whole microseconds: what the portal stores, so that nothing is rounded twice.</summary>
internal static class TraceTime
{
    // Beyond 285,000 years a double no longer tells microseconds apart; ten years is generous for an operation.
    private const double MaxSeconds = 10 * 366 * 86_400d;

    /// <summary>A duration out of seconds.</summary>
    /// <exception cref="FormatException">It is negative or longer than ten years.</exception>
    public static TimeSpan Duration(double seconds) => seconds is >= 0 and <= MaxSeconds
        ? TimeSpan.FromMicroseconds((long)Math.Round(seconds * 1e6))
        : throw new FormatException("A duration is negative or longer than ten years.");

    /// <summary>A moment out of Unix seconds.</summary>
    /// <exception cref="FormatException">It lies before 1970 or after the year 9998.</exception>
    public static DateTime Unix(double seconds) => seconds is >= 0 and < 253_370_764_800
        ? DateTime.UnixEpoch.AddTicks((long)Math.Round(seconds * 1e6) * TimeSpan.TicksPerMicrosecond)
        : throw new FormatException("A time lies before 1970 or after the year 9998.");
}
