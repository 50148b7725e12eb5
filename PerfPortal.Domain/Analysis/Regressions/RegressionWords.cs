using PerfPortal.Domain.Analysis.Incidents;
using PerfPortal.Domain.Analysis.Regressions.Causes;
using PerfPortal.Domain.Findings;
using PerfPortal.Domain.Operations;
using PerfPortal.Domain.Statistics;
using PerfPortal.Domain.Text;

namespace PerfPortal.Domain.Analysis.Regressions;

/// <summary>The figures of a name before and since a change.</summary>
/// <param name="Before">Over the period before.</param>
/// <param name="After">Over the period since.</param>
internal sealed record BeforeAndAfter(OutcomeStatistics Before, OutcomeStatistics After);

/// <summary>Puts a regression into an observation.</summary>
internal static class RegressionWords
{
    private const double CriticalRatio = 0.5;
    private const double CriticalShare = 0.1;

    /// <summary>Describes a regression.</summary>
    public static FindingObservation Describe(
        MetricType type, string name, RegressedMeasure measure, Regression regression, BeforeAndAfter figures, IReadOnlyList<FindingCause> causes, Company company)
    {
        bool isShare = measure == RegressedMeasure.Failures;
        double before = isShare ? regression.Base : Math.Exp(regression.Base);
        double after = isShare ? regression.Level : Math.Exp(regression.Level);
        double size = isShare ? after - before : (after / before) - 1;
        double lost = isShare ? size * (figures.After.Mean ?? 0) : after - before;
        return new()
        {
            Kind = FindingKind.Regression,
            Subject = new(null, type, name, isShare ? FindingMeasures.FailureRate : FindingMeasures.Duration),
            Since = regression.Since,
            SinceLow = regression.Low,
            SinceHigh = regression.High,
            Until = regression.Until,
            Size = Rounded(size),
            Unit = isShare ? "share" : "ratio",
            Confidence = Math.Round(regression.Confidence, 6),
            Severity = size >= (isShare ? CriticalShare : CriticalRatio) ? Severity.Critical : Severity.Warning,
            Impact = Rounded(lost * figures.After.ThroughputPerHour),
            Sentence = Sentence(name, measure, before, after, size, regression.Since),
            Action = causes is [{ Weight: >= IncidentKeys.LikelyWeight } likeliest, ..] ? $"Look at the likeliest cause first: {likeliest.Text}" : Unexplained(regression, isShare, causes.Count > 0),
            Evidence = Evidence(figures),
            Causes = causes,
            Running = company.Sentence,
            Operations = company.Operations,
        };
    }

    /// <summary>What to do where nothing that the portal knows coincides well with the change.</summary>
    private static string Unexplained(Regression regression, bool isShare, bool hasGuess) =>
        $"{(hasGuess ? "What changed with it explains it only in part" : "No version, host, load or marker changed with it")}: check what was changed between {Moments.Text(regression.Low)} and {Moments.Text(regression.High)}, and look at the {(isShare ? "latest failures" : "slowest operations")} since.";

    private static string Sentence(string name, RegressedMeasure measure, double before, double after, double size, DateTimeOffset since) => measure switch
    {
        RegressedMeasure.Failures => $"The failure rate of {name} rose from {Format.Ratio(before)} to {Format.Ratio(after)} at {Moments.Text(since)}.",
        RegressedMeasure.Mean => $"The mean duration of {name} rose from {Format.Seconds(before)} to {Format.Seconds(after)} ({Format.Change(size)}) at {Moments.Text(since)}.",
        _ => $"The median duration of {name} rose from {Format.Seconds(before)} to {Format.Seconds(after)} ({Format.Change(size)}) at {Moments.Text(since)}.",
    };

    private static List<EvidenceNumber> Evidence(BeforeAndAfter figures)
    {
        var numbers = new List<EvidenceNumber>();
        void Add(string name, double? then, double? now, string unit)
        {
            if (then is { } before && now is { } after)
            {
                numbers.Add(new(name + "_before", before, unit));
                numbers.Add(new(name + "_after", after, unit));
            }
        }

        Add("p50", figures.Before.P50, figures.After.P50, "s");
        Add("p95", figures.Before.P95, figures.After.P95, "s");
        Add("failure_share", 1 - figures.Before.SuccessRate, 1 - figures.After.SuccessRate, "share");
        Add("count", figures.Before.Count, figures.After.Count, "");
        return numbers;
    }

    private static double Rounded(double value) => double.IsFinite(value) ? Math.Round(value, 4) : 0;
}
