using PerfPortal.Domain.Analysis;
using PerfPortal.Domain.Findings;
using PerfPortal.Domain.Text;
using PerfPortal.Server.Text;

namespace PerfPortal.Server.Views.Dashboard;

/// <summary>An alert that fires and that nobody has taken on.</summary>
/// <param name="Id">The ID.</param>
/// <param name="IsCritical">Whether it is critical.</param>
/// <param name="Sentence">What is wrong.</param>
public sealed record FiringAlert(string Id, bool IsCritical, string Sentence);

/// <summary>What matters first.</summary>
/// <param name="State">The overall health.</param>
/// <param name="Sentence">The most important problem, or that there is none.</param>
/// <param name="More">The number of other problems.</param>
internal sealed record Verdict(Health State, string Sentence, int More)
{
    /// <summary>
    /// Ranks what was found by severity, then by effect: regressions, silence, resources, failures, and what is left. Without problems and without sufficient data the health
    /// is unknown.
    /// </summary>
    /// <param name="analysis">The analysis.</param>
    /// <param name="findings">The open findings.</param>
    /// <param name="alerts">What the alerts that fire and that nobody has taken on say, the most severe first; a critical one comes before everything else.</param>
    public static Verdict Of(AnalysisResult analysis, IReadOnlyList<Finding> findings, IReadOnlyList<FiringAlert>? alerts = null)
    {
        var verdict = Judge(analysis, findings);
        return alerts is not [var first, ..] ? verdict
            : first.IsCritical ? new(Health.Critical, first.Sentence, verdict.More + (verdict.State is Health.Warning or Health.Critical ? 1 : 0))
            : verdict.State is Health.Warning or Health.Critical ? verdict
            : new(Health.Warning, first.Sentence, 0);
    }

    private static Verdict Judge(AnalysisResult analysis, IReadOnlyList<Finding> findings)
    {
        var problems = findings.Select(finding => new Problem(finding.Latest.Severity, RankOf(finding.Latest.Kind), finding.Latest.Impact, finding.Latest.Sentence))
            .Concat(analysis.Bottlenecks.Where(bottleneck => !IsFound(bottleneck, findings)).Select(bottleneck => new Problem(bottleneck.Severity, RankOf(bottleneck), 0, bottleneck.Sentence)))
            .OrderByDescending(problem => problem.Severity).ThenBy(problem => problem.Rank).ThenByDescending(problem => problem.Impact)
            .ThenBy(problem => problem.Sentence, StringComparer.Ordinal).ToList();
        if (problems.Count > 0)
        {
            return new(problems[0].Severity == Severity.Critical ? Health.Critical : Health.Warning, problems[0].Sentence, problems.Count - 1);
        }

        return analysis.Score.SufficientData
            ? new(Health.Healthy, "No problems in the last 24 hours.", 0)
            : new(Health.Unknown, "Not enough data in the last 24 hours.", 0);
    }

    /// <summary>Formats the score as a sum: <c>100 − 3 − 5 + 2 = 94</c>, limited to 0–100; <see langword="null"/> without a score.</summary>
    public static string? Sum(PerformanceScore score) => score.Value is not { } value
        ? null
        : string.Concat(score.Deductions.Select(lost => " − " + Format.Number(lost.Points)).Prepend("100"))
            + (score.Bonus is { } bonus ? " + " + Format.Number(bonus.Points) : "") + " = " + Format.Number(value)
            + (Raw(score) is < 0 or > 100 ? " (limited to 0–100)" : "");

    private static double Raw(PerformanceScore score) => 100 - score.Deductions.Sum(lost => lost.Points) + (score.Bonus?.Points ?? 0);

    /// <summary>A regression of the same operations says more than that they became slower.</summary>
    private static bool IsFound(Bottleneck bottleneck, IReadOnlyList<Finding> findings) => bottleneck.Kind == BottleneckKinds.Degradation && findings.Any(finding =>
        finding.Latest.Kind is FindingKind.Regression or FindingKind.Degradation
        && finding.Latest.Subject is { Measure: FindingMeasures.Duration } subject && subject.MetricType == bottleneck.MetricType && subject.Name == bottleneck.OperationName);

    private static int RankOf(FindingKind kind) => kind switch
    {
        FindingKind.Regression or FindingKind.Degradation => 0,
        FindingKind.Silence => 1,
        FindingKind.Forecast or FindingKind.Anomaly => 2,
        _ => 3,
    };

    private static int RankOf(Bottleneck bottleneck) =>
        bottleneck.Kind == BottleneckKinds.Degradation ? 0
        : BottleneckKinds.IsResource(bottleneck.Kind) ? 2
        : bottleneck.Kind == BottleneckKinds.HighFailureRate ? 3
        : 4;

    private readonly record struct Problem(Severity Severity, int Rank, double Impact, string Sentence);
}
