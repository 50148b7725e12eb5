using PerfPortal.Domain.Findings;
using PerfPortal.Domain.Settings;

namespace PerfPortal.Domain.Analysis.Anomalies;

/// <summary>Collects the problems that end while steps are added, because a watch knows only its last one.</summary>
/// <param name="after">What ended at this step or before is not collected.</param>
/// <param name="thresholds">The thresholds.</param>
internal sealed class EndedAnomalies(long after, PerformanceThresholds thresholds)
{
    private readonly List<FindingObservation> _ended = [];

    /// <summary>Called after the problem of a host ended.</summary>
    public void Add(HostWatch host) => Add(HostAnomaly.Observe(host, after, thresholds));

    /// <summary>Called after the problem of a name ended.</summary>
    public void Add(NameWatch name) => Add(name.Observe(after));

    /// <summary>Returns what was collected together with what is observed now, each problem once.</summary>
    public IReadOnlyList<FindingObservation> With(IReadOnlyList<FindingObservation> observed) =>
        _ended.Count == 0 ? observed : [.. observed.Concat(_ended).DistinctBy(observation => (observation.Subject, observation.Since))];

    private void Add(FindingObservation? ended)
    {
        if (ended is not null)
        {
            _ended.Add(ended);
        }
    }
}
