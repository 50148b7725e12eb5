using PerfPortal.Domain.Findings;
using PerfPortal.Domain.Journal;

namespace PerfPortal.Domain.Analysis.Regressions.Causes;

/// <summary>Markers and settings in the interval of the change: the nearer to the most likely beginning, the heavier. An edited threshold rarely changes performance.</summary>
internal static class EventCauses
{
    /// <summary>How far outside the interval an event may lie: the clocks of hosts differ, and a deployment takes time.</summary>
    public static readonly TimeSpan Tolerance = TimeSpan.FromMinutes(10);

    private const double OfMarker = 0.9;
    private const double OfSettings = 0.4;

    public static IEnumerable<FindingCause> Find(Unexplained change, IReadOnlyList<KnownEvent> events, StatisticsAnswer after)
    {
        foreach (var known in events)
        {
            double span = (change.High - change.Low + (2 * Tolerance)).TotalSeconds;
            double distance = Math.Abs((known.At - change.Since).TotalSeconds) / span;
            bool concerns = known.Source is null || after.Groups.Keys.Any(group => group.Source == known.Source);
            if (distance <= 1 && concerns)
            {
                yield return new(known.Kind, known.Text, known.At, (known.Kind == "marker" ? OfMarker : OfSettings) * (1 - (distance / 2)), CauseKeys.OfEvent(known.Kind, known.At));
            }
        }
    }
}
