namespace PerfPortal.Domain.Models.Health.Results;

/// <summary>
/// How much of a model is as it should be. <c>Value = Usable × Presence × Content × Structure</c>, each 0–1, so that only a model without any error has 1 and a model with an error has at most 0.5.
/// </summary>
/// <param name="Usable">1 without an error, 0.5 with one: a single wrong byte may spoil a model.</param>
/// <param name="Presence">The bytes that are there of those that should be there; a missing file of unknown size counts as an average one.</param>
/// <param name="Content">1 − the bytes known to be damaged / the bytes present; whole files where block hashes do not say which bytes.</param>
/// <param name="Structure">The share of the examined files whose structure is valid.</param>
public sealed record IntegrityScore(double Usable, double Presence, double Content, double Structure)
{
    /// <summary>The score, 0–1.</summary>
    public double Value => Usable * Presence * Content * Structure;
}
