using PerfPortal.Domain.Statistics;

namespace PerfPortal.Domain.Findings;

/// <summary>What an applied recommendation did.</summary>
public enum EffectVerdict : byte
{
    /// <summary>Too little has been measured since.</summary>
    TooEarly = 0,

    /// <summary>The measure improved.</summary>
    Helped = 1,

    /// <summary>The measure is the same, within the interval.</summary>
    NoEffect = 2,

    /// <summary>The measure became worse.</summary>
    Harmed = 3,
}

/// <summary>The wire names of <see cref="EffectVerdict"/>.</summary>
public static class EffectVerdicts
{
    /// <summary>The name on the wire.</summary>
    public static string WireName(this EffectVerdict verdict) => verdict switch
    {
        EffectVerdict.Helped => "helped",
        EffectVerdict.NoEffect => "no_effect",
        EffectVerdict.Harmed => "harmed",
        _ => "too_early",
    };
}

/// <summary>The measured effect of an applied recommendation: its measure after it was applied against the same times of day before.</summary>
/// <param name="Verdict">The verdict.</param>
/// <param name="Measure">What is compared, snake_case: <c>duration</c>, <c>failure_rate</c>, <c>time_per_hour</c>, <c>p95_duration</c> or a resource metric.</param>
/// <param name="Unit">The unit of <paramref name="Before"/> and <paramref name="After"/>.</param>
/// <param name="Before">The measure before; <see langword="null"/> when it was not measured.</param>
/// <param name="After">The measure after.</param>
/// <param name="Change">The relative change of the measure, 0.1 for 10 % more; for a failure rate the difference of the shares.</param>
/// <param name="Low">The lower end of its 95 % interval.</param>
/// <param name="High">The upper end.</param>
/// <param name="BeforeRange">The period before.</param>
/// <param name="AfterRange">The period after.</param>
/// <param name="Samples">The operations, or hours, after.</param>
/// <param name="Sentence">The result in one sentence.</param>
public sealed record RecommendationEffect(
    EffectVerdict Verdict, string Measure, string Unit, double? Before, double? After, double? Change, double? Low, double? High, TimeRange BeforeRange, TimeRange AfterRange, long Samples,
    string Sentence);

/// <summary>How often recommendations of a kind helped.</summary>
/// <param name="Helped">Those that helped.</param>
/// <param name="Measured">Those with a verdict.</param>
public readonly record struct KindRecord(int Helped, int Measured)
{
    /// <summary>How much its expected gains count, 0–1: by the rule of succession, (helped + 1) / (measured + 2), relative to a kind that was never measured.</summary>
    public double Weight => Math.Min(1, 2 * (Helped + 1.0) / (Measured + 2));
}
