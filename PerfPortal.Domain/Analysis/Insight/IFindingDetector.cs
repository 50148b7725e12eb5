using PerfPortal.Domain.Findings;
using PerfPortal.Domain.Settings;

namespace PerfPortal.Domain.Analysis.Insight;

/// <summary>Finds one kind of problem. Runs once a minute, one run at a time.</summary>
public interface IFindingDetector
{
    /// <summary>The kinds that it finds. An open finding of these kinds that it does not observe any more is over.</summary>
    IReadOnlyList<FindingKind> Kinds { get; }

    /// <summary>
    /// Returns everything that it sees at the time of the request: what lasts, and what ended lately (with <see cref="FindingObservation.Until"/>). An empty result says
    /// that there is no problem. It throws when it cannot tell; then nothing opens or closes.
    /// </summary>
    Task<IReadOnlyList<FindingObservation>> ObserveAsync(DetectionRequest request, CancellationToken cancellationToken);
}

/// <summary>What a detector is asked.</summary>
/// <param name="Now">The time as of which it observes, UTC; nothing later is looked at.</param>
/// <param name="Thresholds">The thresholds.</param>
public sealed record DetectionRequest(DateTimeOffset Now, PerformanceThresholds Thresholds);
