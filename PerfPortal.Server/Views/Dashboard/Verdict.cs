using PerfPortal.Domain.Analysis;
using PerfPortal.Domain.Analysis.Incidents;
using PerfPortal.Domain.Findings;
using PerfPortal.Domain.Text;
using PerfPortal.Server.Text;
using PerfPortal.Server.Views.Findings;

namespace PerfPortal.Server.Views.Dashboard;

/// <summary>An alert that fires and that nobody has taken on.</summary>
/// <param name="Id">The ID.</param>
/// <param name="IsCritical">Whether it is critical.</param>
/// <param name="Sentence">What is wrong.</param>
public sealed record FiringAlert(string Id, bool IsCritical, string Sentence);

/// <summary>What matters first.</summary>
/// <param name="State">The overall health.</param>
/// <param name="Sentence">The most important problem, or that there is none.</param>
/// <param name="More">The number of other problems; an incident is one.</param>
internal sealed record Verdict(Health State, string Sentence, int More)
{
    /// <summary>Ranks incidents and the bottlenecks that belong to none, see <see cref="Gravity"/>. An incident is one problem, told by its headline.</summary>
    /// <param name="analysis">The analysis.</param>
    /// <param name="findings">The open findings.</param>
    public static Verdict Of(AnalysisResult analysis, IReadOnlyList<Finding> findings) => OfIncidents(analysis, Incident.Of(findings));

    /// <summary>Ranks incidents and the bottlenecks that belong to none. Without problems and without sufficient data the health is unknown.</summary>
    /// <param name="analysis">The analysis.</param>
    /// <param name="incidents">The open incidents.</param>
    /// <param name="alerts">What the alerts that fire and that nobody has taken on say, the most severe first; a critical one comes before everything else.</param>
    public static Verdict OfIncidents(AnalysisResult analysis, IReadOnlyList<Incident> incidents, IReadOnlyList<FiringAlert>? alerts = null)
    {
        var verdict = Judge(analysis, incidents);
        return alerts is not [var first, ..] ? verdict
            : first.IsCritical ? new(Health.Critical, first.Sentence, verdict.More + (verdict.State is Health.Warning or Health.Critical ? 1 : 0))
            : verdict.State is Health.Warning or Health.Critical ? verdict
            : new(Health.Warning, first.Sentence, 0);
    }

    private static Verdict Judge(AnalysisResult analysis, IReadOnlyList<Incident> incidents)
    {
        var stories = Stories.Of(incidents, analysis.Bottlenecks, []);
        var problems = stories.Incidents.Select(story => (story.Gravity, story.Incident.Headline.Latest.Sentence))
            .Concat(stories.Bottlenecks.Select(bottleneck => (Gravity: Gravity.Of(bottleneck), bottleneck.Sentence)))
            .OrderByDescending(problem => problem.Gravity).ThenBy(problem => problem.Sentence, StringComparer.Ordinal).ToList();
        if (problems.Count > 0)
        {
            return new(problems[0].Gravity.Severity == Severity.Critical ? Health.Critical : Health.Warning, problems[0].Sentence, problems.Count - 1);
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
}
