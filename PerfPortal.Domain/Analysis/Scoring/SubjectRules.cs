using PerfPortal.Domain.Findings;
using PerfPortal.Domain.Operations;
using PerfPortal.Domain.Settings;
using PerfPortal.Domain.Text;

namespace PerfPortal.Domain.Analysis.Scoring;

/// <summary>
/// Deducts points for names that miss a target. The name that misses it most counts fully, the next half, the next a quarter …: two hundred names that each miss it by a little cost little,
/// one that fails is not diluted by those that do not, and no operation of another name gives points back. A line per type.
/// </summary>
internal abstract class SubjectRule(string kind, double maxPoints) : IScoreRule
{
    /// <summary>The points that a subject would lose alone; 0 when it meets the target.</summary>
    protected abstract double Miss(ScoreSubject subject, PerformanceThresholds thresholds);

    /// <summary>What the worst subject misses, in words with numbers.</summary>
    protected abstract string Cause(ScoreSubject subject, PerformanceThresholds thresholds);

    /// <summary>What would meet the target, in words with numbers.</summary>
    protected abstract string Remedy(ScoreSubject subject, PerformanceThresholds thresholds);

    public IEnumerable<ScoreDeduction> Deduct(AnalysisInput input, IReadOnlyList<Bottleneck> bottlenecks)
    {
        var missing = input.ScoreSubjects.Select(subject => (Subject: subject, Points: Math.Min(maxPoints, Miss(subject, input.Thresholds)))).Where(item => item.Points > 0)
            .OrderByDescending(item => item.Points).ThenBy(item => item.Subject.MetricType).ThenBy(item => item.Subject.Words, StringComparer.Ordinal)
            .Select((item, rank) => (item.Subject, Points: item.Points * Math.Pow(0.5, rank))).ToList();
        double scale = Math.Min(1, maxPoints / Math.Max(maxPoints, missing.Sum(item => item.Points)));
        foreach (var type in missing.GroupBy(item => item.Subject.MetricType))
        {
            var worst = type.First().Subject;
            int others = type.Sum(item => item.Subject.Names.Count) - worst.Names.Count;
            string more = others == 0 ? "." : $"; {Format.Count(others)} more {(others == 1 ? "name misses" : "names miss")} it.";
            yield return new(kind, Cause(worst, input.Thresholds) + more, PerformanceScoring.Round(scale * type.Sum(item => item.Points)))
            {
                MetricType = type.Key,
                OperationName = worst.Names is [var only] ? only.Name : null,
                Remedy = Remedy(worst, input.Thresholds) + (others == 0 ? "." : $", and {Format.Count(others)} more {(others == 1 ? "name" : "names")} to the target."),
            };
        }
    }

    /// <summary>A subject within a sentence: <c>downloads of fetch</c>.</summary>
    protected static string Of(ScoreSubject subject) => $"{OperationNouns.Plural(subject.MetricType)} of {subject.Words}";
}

/// <summary>One point for each percentage point of a name's success rate below 95 %, at most 40.</summary>
internal sealed class SuccessRateRule() : SubjectRule("success_rate", MaxPoints)
{
    /// <summary>The success rate without a deduction, percent.</summary>
    public const double FullPercent = 95;

    private const double MaxPoints = 40;

    protected override double Miss(ScoreSubject subject, PerformanceThresholds thresholds) => FullPercent - 100 * (subject.Group.Statistics.SuccessRate ?? 1);

    protected override string Cause(ScoreSubject subject, PerformanceThresholds thresholds) =>
        $"Success rate of {Of(subject)} is {Format.Ratio(subject.Group.Statistics.SuccessRate)}; the target is {FullPercent} %";

    protected override string Remedy(ScoreSubject subject, PerformanceThresholds thresholds)
    {
        var figures = subject.Group.Statistics;
        long fewer = figures.Failed - (long)Math.Floor(figures.Count * (100 - FullPercent) / 100);
        return $"{Format.Count(fewer)} fewer {(fewer == 1 ? "failure" : "failures")} among {Format.Count(figures.Count)} {Of(subject)}";
    }
}

/// <summary>Ten points for each multiple of the P95 limit of a name (<see cref="PerformanceThresholds.P95Limit"/>) beyond the first, at most 20.</summary>
internal sealed class SpeedRule() : SubjectRule("p95_duration", MaxPoints)
{
    private const double PointsPerStep = 10;
    private const double MaxPoints = 20;

    // Rare names that are judged together can have different limits; the most generous one is certainly not too strict.
    private static double Limit(ScoreSubject subject, PerformanceThresholds thresholds) => subject.Names.Max(name => thresholds.P95Limit(name.MetricType, name.Name));

    protected override double Miss(ScoreSubject subject, PerformanceThresholds thresholds) =>
        PointsPerStep * ((subject.Group.Statistics.P95 ?? 0) / Limit(subject, thresholds) - 1);

    protected override string Cause(ScoreSubject subject, PerformanceThresholds thresholds) =>
        $"P95 duration of {Of(subject)} is {Format.Seconds(subject.Group.Statistics.P95)}; the limit is {Format.Seconds(Limit(subject, thresholds))}";

    protected override string Remedy(ScoreSubject subject, PerformanceThresholds thresholds)
    {
        double limit = Limit(subject, thresholds);
        long count = subject.Group.Figures.Durations.Count;
        long fewer = Math.Max(1, subject.Group.Figures.Durations.CountAbove(limit) - (long)Math.Floor(count * 0.05));
        return $"{Format.Count(fewer)} of {Format.Count(count)} {Of(subject)} down to {Format.Seconds(limit)}";
    }
}
