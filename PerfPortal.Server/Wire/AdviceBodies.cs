using PerfPortal.Domain.Advice;
using PerfPortal.Domain.Advice.Effects;

namespace PerfPortal.Server.Wire;

/// <summary>Whether following advice helped.</summary>
/// <param name="Topic">The component: <c>download</c>, <c>health_check</c> or <c>fallback</c>. Of health checks, the intervals between them are compared by what they cost.</param>
/// <param name="Subject">The host of downloads, or the group of fallbacks; null for all.</param>
/// <param name="Verdict"><c>helped</c>, <c>no_difference</c>, <c>harmed</c>, or <c>not_enough_data</c>.</param>
/// <param name="AdvisedCount">The operations that followed advice and have one with the safe defaults to compare with.</param>
/// <param name="DefaultCount">The operations that used the safe defaults and have an advised one to compare with.</param>
/// <param name="Ratio">The typical time to success with advice, divided by that with the defaults; below 1 is faster. Of health checks, the cost likewise. A failed operation counts as longer than any other. Null without data, or when so many failed that there is no bound.</param>
/// <param name="RatioLow">The lower end of its interval of the confidence <c>interval_level</c>. With enough data, the verdict is helped or harmed exactly when the interval excludes 1. Null when it has no lower end.</param>
/// <param name="RatioHigh">The upper end; null when it has none.</param>
/// <param name="PValue">The two-sided p-value of the test of van Elteren, 0–1.</param>
/// <param name="IsWithheld">Whether advice is withheld for this host or group because of this: the safe defaults are answered. Without a difference, not before all levels of connections are explored, and not where advice costs less.</param>
/// <param name="Reason">A sentence or two with the measured numbers, and with what is short when that is too little to tell.</param>
/// <param name="Checks">Of health checks: what both sides spend, and how long corruption stays unseen. Null for other components and without data.</param>
/// <param name="IntervalLevel">The confidence of the interval, which is that of the verdict: 0.99.</param>
internal sealed record AdviceEffectBody(
    AdviceTopic Topic, string? Subject, AdviceVerdict Verdict, int AdvisedCount, int DefaultCount, double? Ratio, double? RatioLow, double? RatioHigh, double? PValue, bool IsWithheld, string Reason,
    CheckTrade? Checks = null, double IntervalLevel = AdviceEffect.IntervalLevel)
{
    /// <summary>Converts an effect to its wire form.</summary>
    public static AdviceEffectBody Of(AdviceEffect effect) =>
        new(effect.Topic, effect.Subject, effect.Verdict, effect.Advised, effect.Default, effect.Ratio, effect.Low, effect.High, effect.PValue, effect.IsWithheld, effect.Reason, effect.Trade);
}
