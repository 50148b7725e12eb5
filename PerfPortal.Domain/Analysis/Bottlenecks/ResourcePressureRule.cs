using PerfPortal.Domain.Findings;
using PerfPortal.Domain.Resources;
using PerfPortal.Domain.Settings;
using PerfPortal.Domain.Text;

namespace PerfPortal.Domain.Analysis.Bottlenecks;

/// <summary>
/// A resource of a host lies above its limit in more than <c>resource_share</c> of the measured time, of at least <see cref="MinimumSeconds"/>.
/// A minute counts by its mean and by the seconds that were measured in it, both independent of how often the sensors were read.
/// Critical from half of the time on (but not below the share). It began with the present stretch above the limit, or with the first when there is none now.
/// </summary>
internal sealed class ResourcePressureRule(string kind, string what, ResourceMetric metric, Func<PerformanceThresholds, double> limitOf) : IBottleneckRule
{
    /// <summary>With less measured time there is no verdict, seconds.</summary>
    public const double MinimumSeconds = 300;

    private const double CriticalShare = 0.5;
    private const int MaxStretches = 20;

    public static ResourcePressureRule Cpu { get; } =
        new(BottleneckKinds.HighCpu, "The processors", ResourceMetric.CpuPercent, thresholds => thresholds.HighCpuPercent);

    public static ResourcePressureRule Memory { get; } =
        new(BottleneckKinds.HighMemory, "The memory", ResourceMetric.MemoryPercent, thresholds => thresholds.HighMemoryPercent);

    public static ResourcePressureRule GpuMemory { get; } =
        new(BottleneckKinds.HighGpuMemory, "The graphics memory", ResourceMetric.GpuMemoryPercent, thresholds => thresholds.HighGpuMemoryPercent);

    /// <summary>How much of the time a host was above the limit.</summary>
    public TimeBeyond Measure(HostResources host, PerformanceThresholds thresholds)
    {
        double limit = limitOf(thresholds);
        return host.Beyond(metric, value => value > limit);
    }

    /// <summary>Whether that is a bottleneck.</summary>
    public static bool Fires(TimeBeyond time, PerformanceThresholds thresholds) =>
        time.MeasuredSeconds >= MinimumSeconds && time.Share > thresholds.ResourceShare;

    public IEnumerable<Bottleneck> Find(AnalysisInput input)
    {
        foreach (var host in input.Hosts)
        {
            var time = input.Pressure(host, this);
            if (!Fires(time, input.Thresholds))
            {
                continue;
            }

            double limit = limitOf(input.Thresholds);
            yield return new()
            {
                Kind = kind,
                Severity = time.Share > CriticalShare ? Severity.Critical : Severity.Warning,
                Sentence = $"{what} of {host.Source} {(kind == BottleneckKinds.HighCpu ? "were" : "was")} above {Format.Percent(limit)} in "
                    + $"{Format.Ratio(time.Share)} of the time, {Format.Percent(time.MeanBeyond!.Value)} on average then.",
                Value = time.Share,
                Threshold = input.Thresholds.ResourceShare,
                Unit = "share",
                Since = time.Since,
                Source = host.Source,
                Evidence = new()
                {
                    SampleCount = time.Minutes,
                    BeyondLimit = time.MinutesBeyond,
                    Share = time.Share,
                    Numbers =
                    [
                        new("limit", limit, "%"), new("mean_above_limit", time.MeanBeyond.Value, "%"),
                        new("measured_time", time.MeasuredSeconds, "s"), new("time_above_limit", time.BeyondSeconds, "s"),
                    ],
                    Stretches = [.. time.Stretches.OrderByDescending(stretch => stretch.Length).Take(MaxStretches).OrderBy(stretch => stretch.From)],
                },
            };
        }
    }
}
