using PerfPortal.Domain.Findings;
using PerfPortal.Domain.Operations;
using PerfPortal.Domain.Statistics;
using PerfPortal.Domain.Text;

namespace PerfPortal.Domain.Analysis.Bottlenecks;

/// <summary>
/// The failure rate of at least <see cref="MinimumCount"/> operations of a type exceeds <c>failure_rate</c>, or that of a name of the type certainly does: the lower end of
/// the 95 % Wilson interval of at least <see cref="MinimumOfName"/> operations, so that many operations of other names hide no failing one. Where only all types together
/// have enough operations, they are judged together. Reports the name with the most failures. Critical above four times the limit. Starts when the rate began to exceed the limit.
/// </summary>
internal sealed class FailureRateRule : IBottleneckRule
{
    /// <summary>The minimum number of operations for a meaningful failure rate.</summary>
    public const long MinimumCount = 5;

    /// <summary>The minimum number of operations of a name that is judged by itself.</summary>
    public const long MinimumOfName = 10;

    private const double CriticalFactor = 4;

    public IEnumerable<Bottleneck> Find(AnalysisInput input)
    {
        var found = input.Types.Select(type => OfType(input, type)).OfType<Bottleneck>().ToList();
        return found.Count > 0 || input.Types.Any(type => type.Statistics.Count >= MinimumCount) || !Exceeds(input, input.Total)
            ? found
            : [Found(input, input.Total, input.Groups, null)];
    }

    private static Bottleneck? OfType(AnalysisInput input, OperationGroup type)
    {
        List<OperationGroup> names = [.. input.Groups.Where(group => group.MetricType == type.MetricType)];
        if (Exceeds(input, type))
        {
            return Found(input, type, names, type.MetricType);
        }

        var failing = names.Where(name => name.Statistics.Count >= MinimumOfName
            && ProportionTest.Wilson(name.Statistics.Failed, name.Statistics.Count).Low > input.Thresholds.FailureRate).ToList();
        return failing.Count == 0 ? null : Found(input, failing.MaxBy(name => name.Statistics.Failed)!, failing, type.MetricType);
    }

    private static bool Exceeds(AnalysisInput input, OperationGroup group) =>
        group.Statistics.Count >= MinimumCount && (double)group.Statistics.Failed / group.Statistics.Count > input.Thresholds.FailureRate;

    /// <param name="input">The input.</param>
    /// <param name="group">What is judged: a name, a type, or everything.</param>
    /// <param name="names">The names that fail.</param>
    /// <param name="type">The type; <see langword="null"/> for everything.</param>
    private static Bottleneck Found(AnalysisInput input, OperationGroup group, IReadOnlyList<OperationGroup> names, MetricType? type)
    {
        var worst = names.MaxBy(name => name.Statistics.Failed)!;
        var (count, failed) = (group.Statistics.Count, group.Statistics.Failed);
        double rate = (double)failed / count;
        string what = OperationNouns.Many(count, type);
        return new()
        {
            Kind = BottleneckKinds.HighFailureRate,
            Severity = rate > CriticalFactor * input.Thresholds.FailureRate ? Severity.Critical : Severity.Warning,
            Sentence = group.Name.Length > 0
                ? $"{Format.Ratio(rate)} of {what} of {group.Name} failed."
                : $"{Format.Ratio(rate)} of {what} failed; {worst.Name} has the most failures ({Format.Count(worst.Statistics.Failed)} of {Format.Count(worst.Statistics.Count)}).",
            Value = rate,
            Threshold = input.Thresholds.FailureRate,
            Unit = "share",
            Source = input.Source,
            MetricType = worst.MetricType,
            OperationName = worst.Name,
            Onset = new(
                new() { Source = input.Source, MetricType = type, Name = group.Name.Length > 0 ? group.Name : null }, input.Thresholds.FailureRate,
                (_, figures) => new(figures.Finished, figures.Finished - figures.Succeeded))
            {
                IsBeyond = operation => operation.Status == OperationStatus.Failed,
            },
            Evidence = new()
            {
                SampleCount = count,
                BeyondLimit = failed,
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
