using PerfPortal.Domain.Findings;
using PerfPortal.Domain.Operations;
using PerfPortal.Domain.Statistics;
using PerfPortal.Domain.Text;

namespace PerfPortal.Domain.Analysis.Failures;

/// <summary>What failures have in common and successes of the same names do not.</summary>
/// <param name="Trait">The trait: <c>source</c>, <c>name</c>, or a metadata member.</param>
/// <param name="Value">Its value.</param>
/// <param name="Failures">The failures with it.</param>
/// <param name="OfFailures">All failures.</param>
/// <param name="Successes">The successes with it.</param>
/// <param name="OfSuccesses">All successes looked at.</param>
public sealed record CommonTrait(string Trait, string Value, int Failures, int OfFailures, int Successes, int OfSuccesses)
{
    /// <summary>The difference of the shares, 0–1.</summary>
    public double Difference => ((double)Failures / OfFailures) - ((double)Successes / OfSuccesses);

    /// <summary>What it is as a cause; <see langword="null"/> for a name, which the finding states by itself.</summary>
    public string? Key => Trait switch
    {
        "source" => CauseKeys.OfSource(Value),
        "name" => null,
        _ => CauseKeys.OfMetadata(Trait, Value),
    };

    /// <summary>One sentence with both shares.</summary>
    public string Sentence =>
        $"{(Failures == OfFailures ? "All" : $"{Format.Count((long)Failures)} of")} {Format.Count((long)OfFailures)} failures have {Trait} {Value}; of {Format.Count((long)OfSuccesses)} successes "
        + (Successes == 0 ? "none does." : $"{Format.Ratio((double)Successes / OfSuccesses)} do.");
}

/// <summary>
/// Contrasts failures with successes: a value that at least <see cref="MinimumShare"/> of the failures have, and at most half as large a share of the successes, where
/// the difference is significant at 1 % after Bonferroni's correction for the number of values tried (Fisher's exact test for small samples).
/// </summary>
public static class CommonTraits
{
    /// <summary>The share of failures that have a common trait.</summary>
    public const double MinimumShare = 0.8;

    private const double Significance = 0.01;
    private const int MinimumFailures = 5;
    private const int MinimumSuccesses = 10;
    private const int MaxTraits = 5;
    private const int ValueCharacters = 80;

    /// <summary>Returns the common traits, the most telling first; none with too few failures or successes.</summary>
    public static IReadOnlyList<CommonTrait> Find(IReadOnlyList<Operation> failures, IReadOnlyList<Operation> successes)
    {
        ArgumentNullException.ThrowIfNull(failures);
        ArgumentNullException.ThrowIfNull(successes);
        if (failures.Count < MinimumFailures || successes.Count < MinimumSuccesses)
        {
            return [];
        }

        var candidates = Count(failures).Where(pair => pair.Value >= MinimumShare * failures.Count).ToList();
        var ofSuccesses = Count(successes);
        return
        [
            .. candidates.Select(pair => new CommonTrait(pair.Key.Trait, pair.Key.Value, pair.Value, failures.Count, ofSuccesses.GetValueOrDefault(pair.Key), successes.Count))
                .Where(trait => (double)trait.Successes / trait.OfSuccesses <= 0.5 * trait.Failures / trait.OfFailures
                    && ProportionTest.Compare(trait.Failures, trait.OfFailures, trait.Successes, trait.OfSuccesses)!.Value.PValue * candidates.Count < Significance)
                .OrderByDescending(trait => trait.Difference).ThenBy(trait => trait.Trait, StringComparer.Ordinal).Take(MaxTraits),
        ];
    }

    private static Dictionary<(string Trait, string Value), int> Count(IReadOnlyList<Operation> operations)
    {
        var counts = new Dictionary<(string, string), int>();
        foreach (var operation in operations)
        {
            Add(("source", operation.Source));
            Add(("name", operation.Name));
            foreach (var (name, value) in operation.Metadata)
            {
                // Measured numbers differ in any case; a whole number can be a port, a worker or a version.
                if (value.Kind is MetadataKind.Text or MetadataKind.Boolean or MetadataKind.Whole && value.ToString() is { Length: > 0 and <= ValueCharacters } text)
                {
                    Add((name, text));
                }
            }
        }

        return counts;

        void Add((string, string) trait) => counts[trait] = counts.GetValueOrDefault(trait) + 1;
    }
}
