using PerfPortal.Domain.Findings;
using PerfPortal.Domain.Text;

namespace PerfPortal.Domain.Analysis.Insight;

/// <summary>Recognises observations of known problems.</summary>
internal static class FindingMatch
{
    /// <summary>Returns the findings that are new or changed, including that they were seen again.</summary>
    /// <param name="known">The findings of the observed kinds.</param>
    /// <param name="observations">Everything that was observed.</param>
    /// <param name="now">The time as of which it was observed.</param>
    public static IEnumerable<Finding> Apply(IEnumerable<Finding> known, IReadOnlyList<FindingObservation> observations, DateTimeOffset now)
    {
        var all = known.ToList();
        var ids = all.Select(finding => finding.Id).ToHashSet(StringComparer.Ordinal);
        var byKey = all.GroupBy(finding => Finding.KeyOf(finding.Latest)).ToDictionary(group => group.Key, group => group.ToList(), StringComparer.Ordinal);
        var results = new List<Finding>();
        foreach (var observed in observations.OrderBy(observation => observation.Since).GroupBy(Finding.KeyOf, StringComparer.Ordinal))
        {
            var candidates = byKey.GetValueOrDefault(observed.Key, []);
            results.AddRange(observed.Select(observation => Place(observation, candidates, ids, now)));
        }

        results.AddRange(byKey.Values.SelectMany(left => left).Where(finding => finding.State == FindingState.Open && now - finding.LastSeen >= FindingLedger.CloseAfter)
            .Select(finding => finding with { State = FindingState.Closed, Until = finding.Latest.Until ?? finding.LastSeen }));
        return results;
    }

    /// <summary>Takes the candidate that the observation continues out of the list.</summary>
    private static Finding Place(FindingObservation observation, List<Finding> candidates, HashSet<string> ids, DateTimeOffset now)
    {
        var same = candidates.Where(finding => IsSame(finding, observation, now))
            .OrderBy(finding => finding.State).ThenBy(finding => (finding.Latest.Since - observation.Since).Duration()).FirstOrDefault();
        if (same is not null)
        {
            candidates.Remove(same);
        }

        return new()
        {
            Id = same?.Id ?? NewId(observation, ids),
            Latest = observation.MayHaveBegunEarlier && same?.Latest is { } known && known.Since < observation.Since
                ? observation with { Since = known.Since, SinceLow = known.SinceLow, SinceHigh = known.SinceHigh, Sentence = Dated(observation, known.Since) }
                : observation,
            State = observation.Until is null ? FindingState.Open : FindingState.Closed,
            FirstSeen = same?.FirstSeen ?? now,
            LastSeen = observation.Until is { } until ? (until < now ? until : now) : now,
            Until = observation.Until,
        };
    }

    /// <summary>An ID that no other finding has: one whose beginning moved keeps the ID of its first beginning, at which another may begin later.</summary>
    private static string NewId(FindingObservation observation, HashSet<string> ids)
    {
        var at = observation.Since;
        string id = Finding.IdOf(observation, at);
        while (!ids.Add(id))
        {
            at = at.AddMicroseconds(1);
            id = Finding.IdOf(observation, at);
        }

        return id;
    }

    /// <summary>The sentence with the beginning that is kept, where it states the one that the data show now.</summary>
    private static string Dated(FindingObservation observation, DateTimeOffset since) =>
        observation.Sentence.Replace(Moments.Text(observation.Since), Moments.Text(since), StringComparison.Ordinal);

    /// <summary>
    /// The plausible beginnings overlap, or the observation lies within the finding's time: the data of a later look can move the beginning, but a problem
    /// that began after the finding's end is another one.
    /// </summary>
    private static bool IsSame(Finding finding, FindingObservation observation, DateTimeOffset now)
    {
        var latest = finding.Latest;
        if (latest.SinceLow <= observation.SinceHigh && observation.SinceLow <= latest.SinceHigh)
        {
            return true;
        }

        var end = finding.State == FindingState.Open ? now : (finding.Until ?? finding.LastSeen) + FindingLedger.ReopenWithin;
        return observation.Since >= latest.SinceLow && observation.Since <= end;
    }
}
