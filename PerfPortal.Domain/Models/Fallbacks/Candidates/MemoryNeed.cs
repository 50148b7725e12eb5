using System.Globalization;
using PerfPortal.Domain.Text;

namespace PerfPortal.Domain.Models.Fallbacks.Candidates;

/// <summary>The memory that a model needs: as declared, or estimated from its parameters.</summary>
/// <param name="Bytes">The bytes, at least 0.</param>
/// <param name="IsEstimated">Whether they are estimated.</param>
/// <param name="Text">The number with its derivation, for a sentence.</param>
public sealed record MemoryNeed(long Bytes, bool IsEstimated, string Text)
{
    /// <summary>
    /// What comes on top of the weights for activations, cache of keys and values, and buffers: a fifth, the usual rule of thumb for inference (EleutherAI,
    /// Transformer Math 101). A long context or a large batch needs more; declare <see cref="ModelCandidate.MemoryBytes"/> for those.
    /// </summary>
    public const double Overhead = 0.2;

    private const double BitsPerByte = 8;

    /// <summary>Returns the need of a candidate; <see langword="null"/> when it is neither declared nor can be estimated.</summary>
    public static MemoryNeed? Of(ModelCandidate candidate)
    {
        ArgumentNullException.ThrowIfNull(candidate);
        if (candidate.MemoryBytes is { } declared)
        {
            return new(declared, false, Format.Bytes(declared));
        }

        if (candidate.Parameters is not { } parameters || (candidate.BitsPerWeight ?? candidate.Level?.BitsPerWeight) is not { } bits)
        {
            return null;
        }

        double bytes = Math.Min(parameters * bits / BitsPerByte * (1 + Overhead), long.MaxValue / 2);
        return new((long)Math.Ceiling(bytes), true, string.Create(
            CultureInfo.InvariantCulture, $"{Format.Bytes(bytes)} ({CountText(parameters)} parameters × {Format.Number(bits)} bits + {Format.Ratio(Overhead)})"));
    }

    /// <summary>A number of parameters: <c>8.03 billion</c>.</summary>
    internal static string CountText(long parameters) => parameters switch
    {
        >= 1_000_000_000 => Format.Number(parameters / 1e9) + " billion",
        >= 1_000_000 => Format.Number(parameters / 1e6) + " million",
        _ => Format.Count(parameters),
    };
}
