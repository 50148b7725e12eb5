namespace PerfPortal.Domain.Sampling;

/// <summary>The status of the sampler.</summary>
/// <param name="LastSampleAt">The time of the latest sample, UTC; <see langword="null"/> before the first.</param>
/// <param name="Rounds">The number of samples since the start.</param>
/// <param name="MeanCostMicroseconds">The mean time to read all sensors, µs; <see langword="null"/> before the first sample.</param>
/// <param name="Interval">The effective interval: the configured one, or one second while watched.</param>
/// <param name="Watchers">The number of watchers.</param>
/// <param name="ConsecutiveFailures">The number of consecutive failed rounds; 0 when the last one succeeded.</param>
/// <param name="LastError">The last error, or <see langword="null"/> when there was none. Stays set after recovery.</param>
/// <param name="LastErrorAt">The time of the last error, UTC.</param>
public sealed record SamplerStatus(
    DateTimeOffset? LastSampleAt,
    long Rounds,
    double? MeanCostMicroseconds,
    TimeSpan Interval,
    int Watchers,
    int ConsecutiveFailures,
    string? LastError,
    DateTimeOffset? LastErrorAt);
