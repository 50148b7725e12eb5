using PerfPortal.Domain.Findings;
using PerfPortal.Domain.Resources;
using PerfPortal.Domain.Settings;
using PerfPortal.Domain.Text;

namespace PerfPortal.Domain.Analysis.Bottlenecks;

/// <summary>
/// A resource of a host is above its limit for more than <c>resource_share</c> of at least <see cref="MinimumSeconds"/> of measured time.
/// A minute counts by its mean, weighted by the seconds measured in it; both are independent of the sampling rate.
/// Critical above half of the time (but not below the share). Starts when the time above the limit began to exceed the share (<see cref="Statistics.Onset"/>).
/// </summary>
internal sealed class ResourcePressureRule(string kind, string what, ResourceMetric metric, Func<PerformanceThresholds, double> limitOf) : IBottleneckRule
{
    /// <summary>The minimum measured time, seconds.</summary>
    public const double MinimumSeconds = 300;

    private const int MaxStretches = 20;

    public static ResourcePressureRule Cpu { get; } =
        new(BottleneckKinds.HighCpu, "CPU usage", ResourceMetric.CpuPercent, thresholds => thresholds.HighCpuPercent);

    public static ResourcePressureRule Memory { get; } =
        new(BottleneckKinds.HighMemory, "Memory usage", ResourceMetric.MemoryPercent, thresholds => thresholds.HighMemoryPercent);

    public static ResourcePressureRule GpuMemory { get; } =
        new(BottleneckKinds.HighGpuMemory, "GPU memory usage", ResourceMetric.GpuMemoryPercent, thresholds => thresholds.HighGpuMemoryPercent);

    /// <summary>Measures the time a host spent above the limit.</summary>
    public TimeBeyond Measure(HostResources host, PerformanceThresholds thresholds)
    {
        double limit = limitOf(thresholds);
        return host.Beyond(metric, value => value > limit);
    }

    /// <summary>Whether the time above the limit is a bottleneck.</summary>
    public static bool Fires(TimeBeyond time, PerformanceThresholds thresholds) =>
        time.MeasuredSeconds >= MinimumSeconds && time.Share > thresholds.ResourceShare;

    /// <summary>The rule of a kind of bottleneck, or <see langword="null"/> for other kinds.</summary>
    public static ResourcePressureRule? Of(string kind) => kind switch
    {
        BottleneckKinds.HighCpu => Cpu,
        BottleneckKinds.HighMemory => Memory,
        BottleneckKinds.HighGpuMemory => GpuMemory,
        _ => null,
    };

    /// <summary>When the time above the limit began to exceed the share, by hours that reach back before the window; <paramref name="window"/> hours are judged at a time, all of them without it.</summary>
    public DateTimeOffset? Since(IReadOnlyList<ResourceMinute> hours, PerformanceThresholds thresholds, int? window)
    {
        double limit = limitOf(thresholds);
        return HostResources.BeyondSince(hours, metric, value => value > limit, thresholds.ResourceShare, window);
    }

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
                Severity = time.Share > Bottleneck.CriticalTimeShare ? Severity.Critical : Severity.Warning,
                Sentence = $"{what} of {host.Source} was above {Format.Percent(limit)} for "
                    + $"{Format.Ratio(time.Share)} of the time, averaging {Format.Percent(time.MeanBeyond!.Value)} while above.",
                Value = time.Share,
                Threshold = input.Thresholds.ResourceShare,
                Unit = "share",
                Since = host.BeyondSince(metric, value => value > limit, input.Thresholds.ResourceShare),
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
