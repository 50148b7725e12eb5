using System.Globalization;
using PerfPortal.Domain.Models.Fallbacks.Candidates;
using PerfPortal.Domain.Text;

namespace PerfPortal.Domain.Models.Fallbacks.Scoring;

/// <summary>
/// The parts of the compatibility score. Each compares a candidate with the wanted model: <see langword="null"/> when the wanted model does not declare
/// the property, and <see cref="Undeclared"/> when only the candidate does not.
/// </summary>
internal static class SoftParts
{
    /// <summary>The value of a part of which nothing is known: as far from equal as from useless.</summary>
    public const double Undeclared = 0.5;

    /// <summary>The value of another version of the same line of models, such as llama-2 for llama-3.1.</summary>
    public const double SameLine = 0.6;

    /// <summary>How many halvings of the size make a model useless as a replacement.</summary>
    public const double HalvingsToZero = 4;

    /// <summary>How many doublings do: a larger one answers at least as well, but is slower and costs more.</summary>
    public const double DoublingsToZero = 8;

    /// <summary>How many halvings of the context length make its part 0.</summary>
    public const double ContextHalvingsToZero = 4;

    private static readonly TextSet Permissive = ["apache-2.0", "mit", "bsd-2-clause", "bsd-3-clause", "isc", "unlicense", "cc0-1.0", "0bsd", "mit-0"];

    public static (double Value, string Sentence)? Family(ModelCandidate wanted, ModelCandidate candidate)
    {
        if (FallbackStrategies.IsSameModel(wanted, candidate))
        {
            return (1, "The same model.");
        }

        if (wanted.Family is not { } family)
        {
            return null;
        }

        return candidate.Family is not { } other ? (Undeclared, "Its family is not declared.")
            : string.Equals(family, other, StringComparison.OrdinalIgnoreCase) ? (1, $"The same family, {family}.")
            : Line(family).Length > 0 && Line(family).Equals(Line(other), StringComparison.OrdinalIgnoreCase) ? (SameLine, $"{other} is another version of {family}.")
            : (0, $"{other} instead of {family}.");
    }

    /// <summary>
    /// Falls with the logarithm of the ratio: the loss of language models follows a power law in the number of parameters (Kaplan et al. 2020), so every halving costs
    /// about the same.
    /// </summary>
    public static (double Value, string Sentence)? Size(ModelCandidate wanted, ModelCandidate candidate)
    {
        if (wanted.Parameters is not { } parameters)
        {
            return null;
        }

        if (candidate.Parameters is not { } other)
        {
            return (Undeclared, "Its number of parameters is not declared.");
        }

        double doublings = Math.Log2((double)other / parameters);
        double value = Math.Max(0, 1 - (doublings < 0 ? -doublings / HalvingsToZero : doublings / DoublingsToZero));
        return (value, other == parameters
            ? $"The same size, {MemoryNeed.CountText(parameters)} parameters."
            : string.Create(CultureInfo.InvariantCulture, $"{MemoryNeed.CountText(other)} instead of {MemoryNeed.CountText(parameters)} parameters."));
    }

    public static (double Value, string Sentence)? Quantization(ModelCandidate wanted, ModelCandidate candidate)
    {
        if ((wanted.Fidelity ?? wanted.Level?.Fidelity) is not { } fidelity)
        {
            return null;
        }

        if ((candidate.Fidelity ?? candidate.Level?.Fidelity) is not { } other)
        {
            return (Undeclared, candidate.Quantization is { } unknown ? $"What {unknown} preserves is not known." : "Its quantization is not declared.");
        }

        double value = other >= fidelity ? 1 : other / fidelity;
        return (value, value >= 1
            ? $"{Named(candidate)} preserves as much as {Named(wanted)}."
            : $"{Named(candidate)} preserves {Format.Ratio(value)} of what {Named(wanted)} does.");
    }

    public static (double Value, string Sentence)? Context(ModelCandidate wanted, ModelCandidate candidate)
    {
        if (wanted.ContextTokens is not { } tokens)
        {
            return null;
        }

        return candidate.ContextTokens is not { } other ? (Undeclared, "Its context length is not declared.")
            : other >= tokens ? (1, $"A context of {Format.Count(other)} tokens is as long.")
            : (Math.Max(0, 1 - (Math.Log2((double)tokens / other) / ContextHalvingsToZero)), $"A context of {Format.Count(other)} instead of {Format.Count(tokens)} tokens.");
    }

    public static (double Value, string Sentence)? Locality(ModelCandidate wanted, ModelCandidate candidate) =>
        candidate.IsLocal ? (1, "It runs on this host.")
        : wanted.IsLocal ? (0, $"The data leave this host, for {candidate.Endpoint!.Host}.")
        : wanted.Endpoint!.Host.Equals(candidate.Endpoint!.Host, StringComparison.OrdinalIgnoreCase) ? (1, $"The same host, {candidate.Endpoint.Host}.")
        : (Undeclared, $"{candidate.Endpoint.Host} instead of {wanted.Endpoint.Host}.");

    public static (double Value, string Sentence)? Licence(ModelCandidate wanted, ModelCandidate candidate)
    {
        if (wanted.Licence is not { } licence)
        {
            return null;
        }

        return candidate.Licence is not { } other ? (Undeclared / 2, "Its licence is not declared.")
            : string.Equals(licence, other, StringComparison.OrdinalIgnoreCase) ? (1, $"The same licence, {licence}.")
            : Permissive.Contains(other) ? (1, $"{other} is permissive.")
            : (Undeclared, $"{other} instead of {licence}.");
    }

    /// <summary>The line of models that a family belongs to: its letters before the version.</summary>
    private static ReadOnlySpan<char> Line(string family)
    {
        int end = family.AsSpan().IndexOfAnyInRange('0', '9');
        return (end < 0 ? family : family.AsSpan(0, end)).TrimEnd("-_. vV");
    }

    private static string Named(ModelCandidate candidate) => candidate.Quantization ?? "its precision";
}
