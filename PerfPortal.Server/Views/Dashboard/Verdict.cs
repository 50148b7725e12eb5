using PerfPortal.Domain.Analysis;
using PerfPortal.Domain.Findings;
using PerfPortal.Domain.Text;
using PerfPortal.Server.Text;

namespace PerfPortal.Server.Views.Dashboard;

/// <summary>The analysis in a line: how things are, and what to look at first.</summary>
/// <param name="State">How things are.</param>
/// <param name="Sentence">The line.</param>
/// <param name="First">What to look at first; <see langword="null"/> when there is nothing.</param>
internal sealed record Verdict(Health State, string Sentence, string? First)
{
    /// <summary>Says the verdict of an analysis. Without operations and without a bottleneck nothing is claimed.</summary>
    public static Verdict Of(AnalysisResult analysis)
    {
        int count = analysis.Bottlenecks.Count;
        if (count > 0)
        {
            bool isCritical = analysis.Bottlenecks.Any(bottleneck => bottleneck.Severity == Severity.Critical);
            return new(
                isCritical ? Health.Critical : Health.Warning,
                $"{Format.Count(count)} {(count == 1 ? "bottleneck" : "bottlenecks")} in the last 24 hours.",
                analysis.Bottlenecks[0].Sentence);
        }

        return analysis.Score.SufficientData
            ? new(Health.Healthy, "No bottleneck in the last 24 hours.", null)
            : new(Health.Unknown, "Not enough data in the last 24 hours to say how things are.", null);
    }

    /// <summary>The score as a sum: <c>100 − 3 − 5 + 2 = 94</c>, held within 0–100; <see langword="null"/> without a score.</summary>
    public static string? Sum(PerformanceScore score) => score.Value is not { } value
        ? null
        : string.Concat(score.Deductions.Select(lost => " − " + Format.Number(lost.Points)).Prepend("100"))
            + (score.Bonus is { } bonus ? " + " + Format.Number(bonus.Points) : "") + " = " + Format.Number(value)
            + (Raw(score) is < 0 or > 100 ? " (held within 0 and 100)" : "");

    private static double Raw(PerformanceScore score) => 100 - score.Deductions.Sum(lost => lost.Points) + (score.Bonus?.Points ?? 0);
}
