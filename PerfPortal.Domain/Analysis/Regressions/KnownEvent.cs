using PerfPortal.Domain.Statistics;

namespace PerfPortal.Domain.Analysis.Regressions;

/// <summary>Something that happened at a known time and may have changed performance.</summary>
/// <param name="Kind">The kind of cause: <c>marker</c> or <c>settings</c>.</param>
/// <param name="At">When it happened, UTC.</param>
/// <param name="Text">What happened, a sentence.</param>
/// <param name="Source">The source that it concerns, or <see langword="null"/> for all.</param>
public sealed record KnownEvent(string Kind, DateTimeOffset At, string Text, string? Source);

/// <summary>Reads what happened: reported markers and edited settings.</summary>
public interface IKnownEvents
{
    /// <summary>Returns the events of a range, the latest first, at most 100 of them.</summary>
    Task<IReadOnlyList<KnownEvent>> ReadAsync(TimeRange range, CancellationToken cancellationToken);
}
