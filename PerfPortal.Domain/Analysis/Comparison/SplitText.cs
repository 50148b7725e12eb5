using PerfPortal.Domain.Text;

namespace PerfPortal.Domain.Analysis.Comparison;

/// <summary>A split in words: <c>+390 % in total: mix +380 %, performance +2 % (unchanged).</c></summary>
public static class SplitText
{
    // A part below this is not worth its own words.
    private const double Noticeable = 0.05;
    private const double NoticeableSuccess = 0.005;

    /// <summary>The parts of the change of durations; <see langword="null"/> when nothing can be compared.</summary>
    public static string? Durations(MixSplit split, Verdict speed)
    {
        ArgumentNullException.ThrowIfNull(split);
        if (split.PerformanceRatio is not { } performance || split is not { TotalRatio: { } total, MixRatio: { } mix })
        {
            return null;
        }

        string own = $"performance {Format.Change(performance - 1)} ({speed.WireName()})";
        return IsNoticeable(mix) ? $"{Format.Change(total - 1)} in total: mix {Format.Change(mix - 1)}, {own}" : own;
    }

    /// <summary>The parts of the change of the success rate, in percentage points; <see langword="null"/> when there is none to speak of.</summary>
    public static string? Success(MixSplit split, Verdict rate)
    {
        ArgumentNullException.ThrowIfNull(split);
        if (split.Success is not { Performance: { } performance } success
            || (rate == Verdict.Unchanged && Math.Abs(success.Total) < NoticeableSuccess && Math.Abs(success.Mix) < NoticeableSuccess))
        {
            return null;
        }

        string own = $"performance {Points(performance)} ({rate.WireName()})";
        return Math.Abs(success.Mix) < NoticeableSuccess ? $"success rate: {own}" : $"success rate {Points(success.Total)} in total: mix {Points(success.Mix)}, {own}";
    }

    /// <summary>A difference of rates: <c>−3.2 points</c>.</summary>
    public static string Points(double difference)
    {
        double points = Math.Round(difference * 100, 1);
        return $"{(points > 0 ? "+" : points < 0 ? "−" : "")}{Format.Number(Math.Abs(points))} points";
    }

    /// <summary>The shares of a name: <c>0 % → 62 % of operations</c>.</summary>
    public static string Shares(MixContribution part)
    {
        ArgumentNullException.ThrowIfNull(part);
        return part.BaseShare == 0 ? $"new, {Format.Ratio(part.Share)} of operations"
            : part.Share == 0 ? $"gone, was {Format.Ratio(part.BaseShare)} of operations"
            : $"{Format.Ratio(part.BaseShare)} → {Format.Ratio(part.Share)} of operations";
    }

    /// <summary>The reason of a verdict.</summary>
    internal static string Reason(MixSplit split, Verdict verdict, Verdict speed, Verdict rate, long comparable)
    {
        if (verdict == Verdict.InsufficientData)
        {
            string parts = split is { TotalRatio: { } total } && IsNoticeable(total) ? $" {Format.Change(total - 1)} in total." : "";
            return $"Not enough data (needs {Verdicts.MinimumCount} operations of names that ended in both periods, has {Format.Count(comparable)}).{parts}";
        }

        // What decides the verdict comes first.
        var (durations, success) = (Durations(split, speed), Success(split, rate));
        string?[] order = verdict == rate && verdict != speed ? [success, durations] : [durations, success];
        string reason = string.Join("; ", order.Where(part => part is not null));
        return reason.Length == 0 ? "No significant change." : char.ToUpperInvariant(reason[0]) + reason[1..] + "." + Most(split, speed);
    }

    /// <summary>The name behind most of the mix, when that is noticeable, and the one behind most of a significant change of performance.</summary>
    private static string Most(MixSplit split, Verdict speed)
    {
        string mix = split.MixRatio is { } ratio && IsNoticeable(ratio) && Largest(split, ratio, part => part.MixRatio) is { } shifted
            ? $" Most of the mix: {shifted.Name} ({Shares(shifted)})." : "";
        string own = speed != Verdict.Unchanged && Largest(split, split.PerformanceRatio!.Value, part => part.PerformanceRatio) is { Ratio: { } change } slower
            ? $" Most of the performance: {slower.Name} ({Format.Change(change - 1)})." : "";
        return mix + own;
    }

    /// <summary>The contribution in the direction of the whole that is largest; <see langword="null"/> when there is none.</summary>
    private static MixContribution? Largest(MixSplit split, double whole, Func<MixContribution, double> factor) => split.Contributions
        .Where(part => Math.Sign(Math.Log(factor(part))) == Math.Sign(Math.Log(whole))).MaxBy(part => Math.Abs(Math.Log(factor(part))));

    private static bool IsNoticeable(double ratio) => Math.Abs(Math.Log(ratio)) >= Math.Log(1 + Noticeable);
}
