namespace PerfPortal.Domain.Sampling;

/// <summary>How the sampler itself is doing.</summary>
/// <param name="LastSampleAt">When the newest sample was taken, UTC; <see langword="null"/> before the first.</param>
/// <param name="Rounds">Samples taken since the start.</param>
/// <param name="MeanCostMicroseconds">Mean time that reading every sensor took, µs; <see langword="null"/> before the first sample.</param>
/// <param name="Interval">The interval in force: the configured one, or one second while somebody watches.</param>
/// <param name="Watchers">How many watch.</param>
/// <param name="ConsecutiveFailures">Rounds of the loop that failed one after the other, up to now; 0 when the last one went well.</param>
/// <param name="LastError">What went wrong last, or <see langword="null"/> when nothing ever did. It stays after recovery.</param>
/// <param name="LastErrorAt">When that was, UTC.</param>
public sealed record SamplerStatus(
    DateTimeOffset? LastSampleAt,
    long Rounds,
    double? MeanCostMicroseconds,
    TimeSpan Interval,
    int Watchers,
    int ConsecutiveFailures,
    string? LastError,
    DateTimeOffset? LastErrorAt);
