namespace PerfPortal.Domain.Models.Fallbacks.Scoring;

/// <summary>The weights of the parts of a compatibility score, each at least 0. Only their ratios count; parts that cannot be compared leave theirs to the others.</summary>
public sealed record ScoreWeights
{
    /// <summary>The same family, which answers and is prompted alike.</summary>
    public double Family { get; init; } = 0.30;

    /// <summary>The size.</summary>
    public double Size { get; init; } = 0.25;

    /// <summary>What the quantization preserves.</summary>
    public double Quantization { get; init; } = 0.15;

    /// <summary>The context length.</summary>
    public double Context { get; init; } = 0.15;

    /// <summary>Whether it stays on this host.</summary>
    public double Locality { get; init; } = 0.10;

    /// <summary>The licence.</summary>
    public double Licence { get; init; } = 0.05;

    /// <summary>Checks the weights.</summary>
    /// <exception cref="ArgumentException">A weight is negative or not finite, or all are 0.</exception>
    internal void Check()
    {
        double[] all = [Family, Size, Quantization, Context, Locality, Licence];
        if (all.Any(weight => !double.IsFinite(weight) || weight < 0) || all.Sum() is not (> 0 and < 1e9))
        {
            throw new ArgumentException("Every weight must be a number of at least 0, and one must be above 0.");
        }
    }
}
