using PerfPortal.Domain.Analysis;
using PerfPortal.Domain.Findings;
using PerfPortal.Domain.Text;
using PerfPortal.Server.Text;

namespace PerfPortal.Server.Views.Dashboard;

/// <summary>A one-line summary of an analysis.</summary>
/// <param name="State">The overall health.</param>
/// <param name="Sentence">The summary.</param>
/// <param name="First">The most important bottleneck, or <see langword="null"/> when there are no bottlenecks.</param>
internal sealed record Verdict(Health State, string Sentence, string? First)
{
    /// <summary>Summarizes an analysis. Without bottlenecks and without sufficient data the health is unknown.</summary>
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
            ? new(Health.Healthy, "No bottlenecks in the last 24 hours.", null)
            : new(Health.Unknown, "Not enough data in the last 24 hours.", null);
    }

    /// <summary>Formats the score as a sum: <c>100 − 3 − 5 + 2 = 94</c>, limited to 0–100; <see langword="null"/> without a score.</summary>
    public static string? Sum(PerformanceScore score) => score.Value is not { } value
        ? null
        : string.Concat(score.Deductions.Select(lost => " − " + Format.Number(lost.Points)).Prepend("100"))
            + (score.Bonus is { } bonus ? " + " + Format.Number(bonus.Points) : "") + " = " + Format.Number(value)
            + (Raw(score) is < 0 or > 100 ? " (limited to 0–100)" : "");

    private static double Raw(PerformanceScore score) => 100 - score.Deductions.Sum(lost => lost.Points) + (score.Bonus?.Points ?? 0);
}
