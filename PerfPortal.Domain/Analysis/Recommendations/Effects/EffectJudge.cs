using PerfPortal.Domain.Findings;
using PerfPortal.Domain.Text;

namespace PerfPortal.Domain.Analysis.Recommendations.Effects;

/// <summary>
/// Judges a measured change: it helped or harmed when the whole 95 % interval is on one side of no change and the change is at least <see cref="MinimumEffect"/> (for a failure rate, one point).
/// It had no effect when the interval is narrower than <see cref="NarrowInterval"/> around that, or a week has been measured. Until then it is too early.
/// </summary>
internal static class EffectJudge
{
    /// <summary>The smallest relative change that matters.</summary>
    public const double MinimumEffect = 0.05;

    /// <summary>The smallest change of a share that matters.</summary>
    public const double MinimumShare = 0.01;

    private const double NarrowInterval = 0.10;

    public static RecommendationEffect Judge(EffectMeasure measure, EffectChange? change, EffectWindows windows)
    {
        var verdict = change is null ? windows.IsFinal ? EffectVerdict.NoEffect : EffectVerdict.TooEarly : Of(measure, change, windows);
        return new(
            verdict, measure.Name, measure.Unit, change?.Before, change?.After, change?.Change, change?.Low, change?.High, windows.Before, windows.After, change?.Samples ?? 0,
            Sentence(verdict, measure, change));
    }

    private static EffectVerdict Of(EffectMeasure measure, EffectChange change, EffectWindows windows)
    {
        bool isShare = measure == EffectMeasure.FailureRate;
        double least = isShare ? MinimumShare : MinimumEffect;
        if (Math.Abs(change.Change) >= least && (change.Low > 0 || change.High < 0))
        {
            return change.Change > 0 == measure.MoreIsBetter ? EffectVerdict.Helped : EffectVerdict.Harmed;
        }

        double narrow = isShare ? 2 * MinimumShare : NarrowInterval;
        return windows.IsFinal || (change.Low > -narrow && change.High < narrow) ? EffectVerdict.NoEffect : EffectVerdict.TooEarly;
    }

    private static string Sentence(EffectVerdict verdict, EffectMeasure measure, EffectChange? change)
    {
        if (change is null)
        {
            return "Too little was measured before and after to compare.";
        }

        string what = measure.Name switch
        {
            "duration" => "Operations take",
            "failure_rate" => "The failure rate is",
            "time_per_hour" => "The total time per hour is",
            "p95_duration" => "P95 latency is",
            _ => measure.MoreIsBetter ? "Free space is" : "Usage is",
        };
        string interval = measure == EffectMeasure.FailureRate
            ? $"{Points(change.Change)} ({Points(change.Low)} to {Points(change.High)})"
            : $"{Signed(change.Change)} ({Signed(change.Low)} to {Signed(change.High)})";
        string result = verdict switch
        {
            EffectVerdict.Helped => "it helped",
            EffectVerdict.Harmed => "it made things worse",
            EffectVerdict.NoEffect => "no effect",
            _ => "too early to tell",
        };
        return $"{what} {interval} against the same times of day before: {result}.";
    }

    private static string Signed(double change) => $"{(change < 0 ? "−" : "+")}{Format.Percent(Math.Abs(change) * 100)}";

    private static string Points(double change) => $"{(change < 0 ? "−" : "+")}{Format.Number(Math.Abs(change) * 100)} points";
}
