using PerfPortal.Domain.Findings;

namespace PerfPortal.Server.Views.Findings;

/// <summary>Recommendations with the same kind, cause and state, which people read and decide as one.</summary>
public sealed record RecommendationGroup
{
    /// <summary>An ID that is the same for the same kind and cause in every state: 32 hex digits.</summary>
    public required string Id { get; init; }

    /// <summary>The title; for a single member its own.</summary>
    public required string Title { get; init; }

    /// <summary>A description with the measured value.</summary>
    public required string Sentence { get; init; }

    /// <summary>The combined gain, computed from the evidence of the members.</summary>
    public required ExpectedGain Gain { get; init; }

    /// <summary>The gain in seconds per day, by which gains of different units are compared; <see langword="null"/> when it is not one of time, or unknown.</summary>
    public double? SecondsPerDay { get; init; }

    /// <summary>The recommendations, the largest gain first; at least one.</summary>
    public required IReadOnlyList<Recommendation> Members { get; init; }

    /// <summary>The kind, see <see cref="Recommendation.Kind"/>.</summary>
    public string Kind => First.Kind;

    /// <summary>The common cause, see <see cref="Recommendation.Cause"/>.</summary>
    public string? Cause => First.Cause;

    /// <summary>The recommended action.</summary>
    public string Action => First.Action;

    /// <summary>The condition under which each member is made.</summary>
    public string Condition => First.Condition;

    /// <summary>The state of every member.</summary>
    public RecommendationState State => First.State;

    /// <summary>Whether the latest analysis still makes one of these recommendations.</summary>
    public bool IsCurrent => Members.Any(member => member.IsCurrent);

    /// <summary>Whether no decision was made and the latest analysis no longer makes any of them.</summary>
    public bool IsPast => RecommendationReader.IsPast(First);

    /// <summary>The member that was decided last; <see langword="null"/> when none was.</summary>
    public Recommendation? Decided => Members.Where(member => member.ChangedAt is not null).MaxBy(member => member.ChangedAt);

    /// <summary>Whether an ID is that of the group or of one of its members.</summary>
    public bool Has(string? id) => id is not null && (Id == id || Members.Any(member => member.Id == id));

    /// <summary>Whether it covers all sources, not a host or a service.</summary>
    public bool IsOverAllSources => Members.Any(member => member.Source is null);

    private Recommendation First => Members[0];
}
