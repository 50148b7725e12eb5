namespace PerfPortal.Domain.Models.Fallbacks.Scoring;

/// <summary>How well a candidate can take the place of the wanted model.</summary>
/// <param name="Value">0–1; 1 for an equal one, 0 for one that is excluded.</param>
/// <param name="Parts">What the value is made of, with weights that add up to 1; empty for one that is excluded.</param>
/// <param name="Excluded">Which requirement it does not fulfil, as a sentence; <see langword="null"/> when it fulfils all.</param>
public sealed record CompatibilityScore(double Value, IReadOnlyList<ScorePart> Parts, string? Excluded)
{
    /// <summary>Whether it does not fulfil a requirement, and is never chosen.</summary>
    public bool IsExcluded => Excluded is not null;
}

/// <summary>One part of a compatibility score.</summary>
/// <param name="Name">What is compared, such as <c>family</c>.</param>
/// <param name="Weight">The share of the score, 0–1.</param>
/// <param name="Value">0–1.</param>
/// <param name="Sentence">Why, with the compared values.</param>
public sealed record ScorePart(string Name, double Weight, double Value, string Sentence);
