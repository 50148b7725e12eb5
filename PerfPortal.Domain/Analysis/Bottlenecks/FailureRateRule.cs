using PerfPortal.Domain.Findings;
using PerfPortal.Domain.Text;

namespace PerfPortal.Domain.Analysis.Bottlenecks;

/// <summary>
/// The error rate of at least <see cref="MinimumCount"/> operations exceeds <c>failure_rate</c>. Reports the type and name with the most failures.
/// Critical above four times the limit. Starts with the first failure of the window.
/// </summary>
internal sealed class FailureRateRule : IBottleneckRule
{
    /// <summary>The minimum number of operations for a meaningful error rate.</summary>
    public const long MinimumCount = 5;

    private const double CriticalFactor = 4;

    public IEnumerable<Bottleneck> Find(AnalysisInput input)
    {
        var total = input.Total.Statistics;
        double limit = input.Thresholds.FailureRate;
        double rate = total.Count == 0 ? 0 : (double)total.Failed / total.Count;
        if (total.Count < MinimumCount || !(rate > limit))
        {
            yield break;
        }

        var worst = input.Groups.MaxBy(group => group.Statistics.Failed)!;
        yield return new()
        {
            Kind = BottleneckKinds.HighFailureRate,
            Severity = rate > CriticalFactor * limit ? Severity.Critical : Severity.Warning,
            Sentence = $"{Format.Ratio(rate)} of {Format.Count(total.Count)} operations failed; {worst.Name} has the most failures "
                + $"({Format.Count(worst.Statistics.Failed)} of {Format.Count(worst.Statistics.Count)}).",
            Value = rate,
            Threshold = limit,
            Unit = "share",
            Source = input.Source,
            MetricType = worst.MetricType,
            OperationName = worst.Name,
            Evidence = new()
            {
                SampleCount = total.Count,
                BeyondLimit = total.Failed,
                Share = rate,
                Numbers =
                [
                    new("failed_of_name", worst.Statistics.Failed, ""),
                    new("failure_rate_of_name", (double)worst.Statistics.Failed / worst.Statistics.Count, "share"),
                ],
            },
        };
    }
}
