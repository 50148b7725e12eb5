using PerfPortal.Domain.Analysis.Recommendations;
using PerfPortal.Domain.Findings;

namespace PerfPortal.Server.Views.Findings;

/// <summary>
/// Groups recommendations by kind, cause and state. The most valuable group comes first: a disk that is nearly full, because a full disk stops all work;
/// then by the time that a day's work would take less; then the other gains, which cannot be compared with time. Gains of a kind that did not help before count less.
/// </summary>
internal static class RecommendationGroups
{
    /// <summary>Groups recommendations, the most valuable group first.</summary>
    public static IReadOnlyList<RecommendationGroup> Of(IEnumerable<Recommendation> items) =>
    [
        .. items.GroupBy(item => (item.Kind, item.Cause, item.State, IsPast: RecommendationReader.IsPast(item))).Select(group => Group([.. group]))
            .OrderByDescending(group => group.IsCurrent)
            .ThenBy(group => group.State)
            .ThenByDescending(group => group.Kind == RecommendationKinds.DiskCleanup)
            .ThenByDescending(group => group.SecondsPerDay * group.Members[0].KindRecord.Weight ?? -1)
            .ThenByDescending(group => group.Gain.Value * group.Members[0].KindRecord.Weight ?? -1)
            .ThenBy(group => group.Title, StringComparer.Ordinal),
    ];

    /// <summary>Returns the ID of the group of a kind and cause.</summary>
    public static string IdOf(string kind, string? cause) => Recommendation.IdOf(kind, null, cause, "group");

    private static RecommendationGroup Group(IReadOnlyList<Recommendation> items)
    {
        IReadOnlyList<Recommendation> members =
        [
            .. items.OrderByDescending(item => CombinedGain.SecondsPerDayOf(item) ?? -1).ThenByDescending(item => item.Gain.Value ?? -1)
                .ThenBy(GroupWords.SubjectOf, StringComparer.Ordinal),
        ];
        var (title, sentence) = GroupWords.Of(members);
        return new()
        {
            Id = IdOf(members[0].Kind, members[0].Cause),
            Title = title,
            Sentence = sentence,
            Gain = CombinedGain.Of(members),
            SecondsPerDay = CombinedGain.SecondsPerDayOf(members),
            Members = members,
        };
    }
}
