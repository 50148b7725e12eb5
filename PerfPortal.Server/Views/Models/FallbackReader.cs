using PerfPortal.Domain.Advice.Fallbacks;
using PerfPortal.Domain.Advice.History;
using PerfPortal.Server.Wire;

namespace PerfPortal.Server.Views.Models;

/// <summary>How well groups of alternatives work, from the recorded fallbacks of the last 7 days.</summary>
internal sealed class FallbackReader(AdviceHistory history)
{
    /// <summary>The maximum number of groups: those with the most fallbacks.</summary>
    public const int MaxGroups = 100;

    /// <summary>Returns the groups, the one that loses most time first.</summary>
    /// <param name="source">Only of this source.</param>
    public IReadOnlyList<FallbackGroupBody> Read(string? source) =>
    [
        .. history.Fallbacks(source)
            .GroupBy(fallback => (fallback.Key.Source, fallback.Key.Name))
            .OrderByDescending(group => group.Count()).Take(MaxGroups)
            .Select(group => Describe(group.Key.Source, group.Key.Name, [.. group]))
            .OrderByDescending(group => group.LostSecondsPerDay).ThenBy(group => group.Group, StringComparer.Ordinal).ThenBy(group => group.Source, StringComparer.Ordinal),
    ];

    private static FallbackGroupBody Describe(string source, string name, List<PastFallback> fallbacks)
    {
        var observed = ObservedSpan.Of(fallbacks);
        var alternatives = TriedAlternative.Of(fallbacks);
        double lost = fallbacks.Sum(fallback => fallback.Attempts.Where(attempt => !attempt.Succeeded).Sum(attempt => attempt.Seconds));

        // The one that was tried first most often is what another is compared with.
        string? first = fallbacks.Where(fallback => fallback.Attempts.Count > 0).GroupBy(fallback => fallback.Attempts[0].Alternative).MaxBy(group => group.Count())?.Key;
        var best = FallbackCounterfactual.Of(fallbacks).FirstOrDefault(one => one.Alternative != first);
        return new(
            name, source, fallbacks.Count, (double)fallbacks.Count(fallback => fallback.Succeeded) / fallbacks.Count, fallbacks.Average(fallback => fallback.Seconds),
            lost / ObservedSpan.Days(observed),
            [.. alternatives.Select(one => new AlternativeBody(one.Name, one.Attempts, one.Succeeded, one.Seconds, one.Success, one.Index, one.Compatibility))],
            best is null
                ? null
                : new(best.Alternative, best.SavedSecondsPerDay, best.Low, best.High, best.Attempts, best.Sentence, best.IsClear, best.Interval, best.Observed.TotalSeconds),
            observed.TotalSeconds, lost, TriedAlternative.HaveCompatibility(alternatives) ? FallbackGroupBody.ByCompatibility : FallbackGroupBody.ByTime);
    }
}
