using PerfPortal.Domain.Analysis.Incidents;
using PerfPortal.Domain.Findings;

namespace PerfPortal.Server.Views.Findings;

/// <summary>An incident with the bottlenecks and recommendations that belong to it, which people read as one.</summary>
/// <param name="Incident">The findings.</param>
/// <param name="Bottlenecks">The bottlenecks about the same operations or host.</param>
/// <param name="Recommendations">The recommendations that end it.</param>
public sealed record Story(Incident Incident, IReadOnlyList<Bottleneck> Bottlenecks, IReadOnlyList<RecommendationGroup> Recommendations)
{
    /// <summary>The gravity of the gravest part.</summary>
    public Gravity Gravity => Bottlenecks.Select(Gravity.Of).Append(Gravity.Of(Incident.Headline.Latest)).Max();

    /// <summary>The findings other than the headline.</summary>
    public IEnumerable<Finding> Others => Incident.Findings.Skip(1);

    /// <summary>The number of parts other than the headline.</summary>
    public int MoreCount => Incident.Findings.Count - 1 + Bottlenecks.Count + Recommendations.Count;

    /// <summary>Whether a key is that of one of its parts.</summary>
    public bool Has(string? key) => key is not null
        && (Incident.Findings.Any(finding => finding.Id == key) || Bottlenecks.Any(bottleneck => FindingLinks.KeyOf(bottleneck) == key) || Recommendations.Any(group => group.Has(key)));
}

/// <summary>Everything that was found, told once.</summary>
/// <param name="Incidents">The incidents; open ones first, the gravest first.</param>
/// <param name="Bottlenecks">The bottlenecks that belong to no incident.</param>
/// <param name="Recommendations">The recommendations that belong to no incident.</param>
internal sealed record Stories(IReadOnlyList<Story> Incidents, IReadOnlyList<Bottleneck> Bottlenecks, IReadOnlyList<RecommendationGroup> Recommendations)
{
    /// <summary>Assigns each bottleneck and recommendation to the first open incident that it belongs to. A recommendation belongs to one only with all its members, so that none is hidden in the story of another.</summary>
    public static Stories Of(IReadOnlyList<Incident> incidents, IReadOnlyList<Bottleneck> bottlenecks, IReadOnlyList<RecommendationGroup> recommendations)
    {
        var placed = bottlenecks.ToLookup(bottleneck => incidents.FirstOrDefault(incident => incident.Concerns(IncidentKeys.Of(bottleneck))));
        var advised = recommendations.ToLookup(group => group is { State: RecommendationState.Open, IsPast: false }
            ? incidents.FirstOrDefault(incident => group.Members.All(member => incident.Concerns(IncidentKeys.Of(member))))
            : null);
        return new(
            [
                .. incidents.Select(incident => new Story(incident, [.. placed[incident]], [.. advised[incident]]))
                    .OrderBy(story => story.Incident.Headline.State).ThenByDescending(story => story.Incident.IsOpen ? story.Gravity : default),
            ],
            [.. placed[null]], [.. advised[null]]);
    }
}
