using PerfPortal.Domain.Statistics;
using PerfPortal.Domain.Text;

namespace PerfPortal.Domain.Advice.Effects;

/// <summary>What following advice did.</summary>
public enum AdviceVerdict
{
    /// <summary>Too little is recorded to tell.</summary>
    NotEnoughData,

    /// <summary>Operations that followed advice took less time to success.</summary>
    Helped,

    /// <summary>There is no difference that matters.</summary>
    NoDifference,

    /// <summary>Operations that followed advice took longer.</summary>
    Harmed,
}

/// <summary>The time to success of operations that followed advice, against those that used the safe defaults.</summary>
/// <param name="Topic">The component.</param>
/// <param name="Subject">The host of downloads, or the group of fallbacks; <see langword="null"/> for all.</param>
/// <param name="Verdict">The verdict.</param>
/// <param name="Advised">The number of operations that followed advice and have one with the defaults to compare with.</param>
/// <param name="Default">The number of operations that used the defaults and have an advised one to compare with.</param>
/// <param name="Ratio">The typical ratio of the times, below 1 when advice is faster; <see langword="null"/> without data.</param>
/// <param name="Low">The lower end of its 95 % interval.</param>
/// <param name="High">The upper end.</param>
/// <param name="PValue">The two-sided p-value, 0–1.</param>
public sealed record AdviceEffect(AdviceTopic Topic, string? Subject, AdviceVerdict Verdict, int Advised, int Default, double? Ratio, double? Low, double? High, double? PValue)
{
    /// <summary>Whether advice is withheld: it harms, or makes no difference. In the latter case not before all levels are explored, and not where it costs less.</summary>
    public bool IsWithheld => Verdict is AdviceVerdict.Harmed or AdviceVerdict.NoDifference;

    /// <summary>One sentence with the measured numbers.</summary>
    public string Reason => Verdict switch
    {
        AdviceVerdict.NotEnoughData =>
            $"{Format.Count(Advised)} advised {Noun} and {Format.Count(Default)} with the defaults are comparable so far; at least {EffectTest.MinAdvised} and {EffectTest.MinDefault} are needed, and more for a small difference.",
        AdviceVerdict.Helped => $"Advice helped: {Compared}.",
        AdviceVerdict.Harmed => $"Advice harmed: {Compared}.",
        _ => $"Advice made no difference: {Compared}.",
    };

    private string Noun => Topic == AdviceTopic.Download ? "downloads" : "fallbacks";

    private string Compared =>
        $"{Format.Count(Advised)} advised {Noun} took {Format.Number(Ratio)} times as long as {Format.Count(Default)} with the defaults, within {Format.Number(Low)} and {Format.Number(High)}";
}
