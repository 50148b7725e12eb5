using PerfPortal.Domain.Models.Fallbacks.Candidates;

namespace PerfPortal.Domain.Models.Fallbacks.Scoring;

/// <summary>
/// Scores how well a candidate can take the place of a wanted model: Σ weight × value over the parts that can be compared, divided by their weights.
/// </summary>
public sealed class CompatibilityScorer
{
    /// <summary>The score of a candidate with which nothing can be compared.</summary>
    private const double NothingKnown = SoftParts.Undeclared;

    private readonly (string Name, double Weight, Func<ModelCandidate, ModelCandidate, (double Value, string Sentence)?> Compare)[] _parts;

    /// <summary>Creates a scorer.</summary>
    /// <param name="weights">The weights of the parts; by default those of <see cref="ScoreWeights"/>.</param>
    /// <exception cref="ArgumentException">A weight is negative or not finite, or all are 0.</exception>
    public CompatibilityScorer(ScoreWeights? weights = null)
    {
        weights ??= new();
        weights.Check();
        _parts =
        [
            .. new (string Name, double Weight, Func<ModelCandidate, ModelCandidate, (double, string)?>)[]
            {
                ("family", weights.Family, SoftParts.Family),
                ("size", weights.Size, SoftParts.Size),
                ("quantization", weights.Quantization, SoftParts.Quantization),
                ("context", weights.Context, SoftParts.Context),
                ("locality", weights.Locality, SoftParts.Locality),
                ("licence", weights.Licence, SoftParts.Licence),
            }.Where(part => part.Weight > 0),
        ];
    }

    /// <summary>Scores a candidate. The same arguments always have the same score.</summary>
    public CompatibilityScore Score(ModelCandidate wanted, ModelCandidate candidate, FallbackRequest request)
    {
        ArgumentNullException.ThrowIfNull(wanted);
        ArgumentNullException.ThrowIfNull(candidate);
        ArgumentNullException.ThrowIfNull(request);
        if (HardRequirements.Check(wanted, candidate, request) is { } reason)
        {
            return new(0, [], reason);
        }

        var parts = new List<ScorePart>(_parts.Length);
        double weights = 0;
        double sum = 0;
        foreach (var (name, weight, compare) in _parts)
        {
            if (compare(wanted, candidate) is { } compared)
            {
                parts.Add(new(name, weight, compared.Value, compared.Sentence));
                weights += weight;
                sum += weight * compared.Value;
            }
        }

        if (weights == 0)
        {
            return new(NothingKnown, [], null);
        }

        for (int i = 0; i < parts.Count; i++)
        {
            parts[i] = parts[i] with { Weight = parts[i].Weight / weights };
        }

        return new(Math.Clamp(sum / weights, 0, 1), parts, null);
    }
}
