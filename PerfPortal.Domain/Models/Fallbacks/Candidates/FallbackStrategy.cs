namespace PerfPortal.Domain.Models.Fallbacks.Candidates;

/// <summary>How a candidate takes the place of the wanted model, in the default order of trying.</summary>
public enum FallbackStrategy
{
    /// <summary>The wanted model itself.</summary>
    WantedModel,

    /// <summary>The same model with the same quantization in another place.</summary>
    SameModelElsewhere,

    /// <summary>The same model with another quantization.</summary>
    OtherQuantization,

    /// <summary>A smaller model of the same family.</summary>
    Smaller,

    /// <summary>A larger model of the same family.</summary>
    Larger,

    /// <summary>A model of another family.</summary>
    OtherFamily,

    /// <summary>Another model on another host, where the wanted one is local.</summary>
    Remote,
}

/// <summary>Names strategies, and tells which one a candidate is.</summary>
public static class FallbackStrategies
{
    private const double SameSize = 0.02;

    /// <summary>The wire name, as in the known fact <c>strategy</c>.</summary>
    public static string WireName(this FallbackStrategy strategy) => strategy switch
    {
        FallbackStrategy.WantedModel => "wanted_model",
        FallbackStrategy.SameModelElsewhere => "same_model_elsewhere",
        FallbackStrategy.OtherQuantization => "other_quantization",
        FallbackStrategy.Smaller => "smaller",
        FallbackStrategy.Larger => "larger",
        FallbackStrategy.OtherFamily => "other_family",
        _ => "remote",
    };

    /// <summary>Returns how a candidate takes the place of the wanted model.</summary>
    public static FallbackStrategy Of(ModelCandidate wanted, ModelCandidate candidate)
    {
        ArgumentNullException.ThrowIfNull(wanted);
        ArgumentNullException.ThrowIfNull(candidate);
        if (wanted.Name == candidate.Name)
        {
            return FallbackStrategy.WantedModel;
        }

        if (IsSameModel(wanted, candidate))
        {
            return IsSameQuantization(wanted, candidate) ? FallbackStrategy.SameModelElsewhere : FallbackStrategy.OtherQuantization;
        }

        return wanted.IsLocal && !candidate.IsLocal ? FallbackStrategy.Remote
            : !IsSame(wanted.Family, candidate.Family) ? FallbackStrategy.OtherFamily
            : candidate.Parameters > wanted.Parameters ? FallbackStrategy.Larger
            : FallbackStrategy.Smaller;
    }

    /// <summary>Whether both have the same weights before quantization: as declared, otherwise by family and number of parameters.</summary>
    internal static bool IsSameModel(ModelCandidate wanted, ModelCandidate candidate) =>
        wanted.Model is not null && candidate.Model is not null
            ? IsSame(wanted.Model, candidate.Model)
            : IsSame(wanted.Family, candidate.Family) && wanted.Parameters is { } a && candidate.Parameters is { } b && Math.Abs(a - b) <= SameSize * Math.Max(a, b);

    private static bool IsSameQuantization(ModelCandidate wanted, ModelCandidate candidate) =>
        wanted.Level is { } level ? level == candidate.Level : string.Equals(wanted.Quantization, candidate.Quantization, StringComparison.OrdinalIgnoreCase);

    private static bool IsSame(string? a, string? b) => a is not null && string.Equals(a, b, StringComparison.OrdinalIgnoreCase);
}
