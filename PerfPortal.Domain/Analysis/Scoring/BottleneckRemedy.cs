using PerfPortal.Domain.Findings;
using PerfPortal.Domain.Operations;
using PerfPortal.Domain.Text;

namespace PerfPortal.Domain.Analysis.Scoring;

/// <summary>What would end a bottleneck, in one sentence with numbers.</summary>
internal static class BottleneckRemedy
{
    /// <summary>Returns the sentence.</summary>
    public static string Of(Bottleneck bottleneck)
    {
        var evidence = bottleneck.Evidence;
        long fewer = Math.Max(1, evidence.BeyondLimit - (long)Math.Floor(bottleneck.Threshold * evidence.SampleCount));
        string what = OperationNouns.Many(evidence.SampleCount, bottleneck.MetricType);
        return bottleneck.Kind switch
        {
            BottleneckKinds.SlowOperations => $"{Format.Count(fewer)} fewer slow {(fewer == 1 ? "one" : "ones")} among {what}.",
            BottleneckKinds.HighFailureRate => $"{Format.Count(fewer)} fewer {(fewer == 1 ? "failure" : "failures")} among {what}{(IsOfName(bottleneck) ? " of " + bottleneck.OperationName : "")}.",
            BottleneckKinds.Degradation when Number(bottleneck, "median_before") is { } before =>
                $"A median of {bottleneck.OperationName} below {Format.Seconds(before * bottleneck.Threshold)}; the day before it was {Format.Seconds(before)}.",
            BottleneckKinds.Degradation => $"Durations below {Format.Number(bottleneck.Threshold)} times those of the day before.",
            BottleneckKinds.LowDisk => $"{Format.Number(bottleneck.Threshold - bottleneck.Value)} GiB more free disk space on {bottleneck.Source}.",
            _ when Number(bottleneck, "measured_time") is { } measured && Number(bottleneck, "time_above_limit") is { } above =>
                $"{Format.Seconds(above - bottleneck.Threshold * measured)} less above the limit on {bottleneck.Source}.",
            _ => "The value within its threshold.",
        };
    }

    // A rate that is exactly that of the name is that of the name, or that of a type without another one.
    private static bool IsOfName(Bottleneck bottleneck) =>
        Number(bottleneck, "failed_of_name") == bottleneck.Evidence.BeyondLimit && Number(bottleneck, "failure_rate_of_name") == bottleneck.Value;

    private static double? Number(Bottleneck bottleneck, string name) => bottleneck.Evidence.Numbers.FirstOrDefault(number => number.Name == name)?.Value;
}
