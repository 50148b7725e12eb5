using PerfPortal.Domain.Analysis.Bottlenecks;
using PerfPortal.Domain.Findings;
using PerfPortal.Domain.Resources;
using PerfPortal.Domain.Settings;
using PerfPortal.Domain.Text;

namespace PerfPortal.Domain.Analysis.Recommendations;

/// <summary>
/// A host has less than twice <c>low_disk_gb</c> of free disk space (10 GiB by default), which leaves time to act before the disk is full.
/// The gain is the space missing to that limit: 2 × limit − free.
/// </summary>
internal sealed class DiskCleanupRule : IRecommendationRule
{
    private const double EarlyFactor = 2;

    public IEnumerable<Recommendation> Advise(AnalysisInput input)
    {
        double limit = EarlyFactor * input.Thresholds.LowDiskGb;
        foreach (var host in input.Hosts)
        {
            if (LowDiskRule.FreeNow(input, host) is { } free && free < limit)
            {
                yield return Subject.Of(host).Recommend(
                    input, RecommendationKinds.DiskCleanup, $"Free disk space on {host.Source}",
                    $"{host.Source} has {Format.Value(free, "GiB")} of free disk space.",
                    "Delete unused models, partial downloads and caches.",
                    $"Less than {EarlyFactor:0} × low_disk_gb = {Format.Number(limit)} GiB free.",
                    new($"Freeing {Format.Number(limit - free)} GiB restores {Format.Number(limit)} GiB of free space.", limit - free, "GiB", "2 × low_disk_gb − free"),
                    new EvidenceNumber("disk_free_gb", free, "GiB"));
            }
        }
    }
}

/// <summary>
/// A resource of a host is a bottleneck (see <see cref="ResourcePressureRule"/>): free it, or run fewer operations at once.
/// The gain is the reduction that brings the mean above the limit back to it: (mean − limit) % of the total where that is known, otherwise percentage points.
/// </summary>
internal sealed class PressureReliefRule : IRecommendationRule
{
    private readonly ResourcePressureRule _pressure;
    private readonly Func<PerformanceThresholds, double> _limitOf;
    private readonly ResourceMetric? _total;
    private readonly string _kind;
    private readonly string _title;
    private readonly string _what;
    private readonly string _action;

    private PressureReliefRule(
        string kind, ResourcePressureRule pressure, Func<PerformanceThresholds, double> limitOf, ResourceMetric? total, string title, string what, string action)
    {
        (_kind, _pressure, _limitOf, _total, _title, _what, _action) = (kind, pressure, limitOf, total, title, what, action);
    }

    public static PressureReliefRule Memory { get; } = new(
        RecommendationKinds.MemoryCleanup, ResourcePressureRule.Memory, thresholds => thresholds.HighMemoryPercent, ResourceMetric.MemoryTotalMb,
        "Free memory", "Memory usage", "Unload idle models, reduce cache sizes, and run fewer memory-intensive operations at once.");

    public static PressureReliefRule Cpu { get; } = new(
        RecommendationKinds.CpuLoad, ResourcePressureRule.Cpu, thresholds => thresholds.HighCpuPercent, null,
        "Reduce CPU load", "CPU usage", "Run fewer operations at once, or move health checks and analytics to off-peak hours.");

    public static PressureReliefRule GpuMemory { get; } = new(
        RecommendationKinds.GpuMemoryCleanup, ResourcePressureRule.GpuMemory, thresholds => thresholds.HighGpuMemoryPercent, ResourceMetric.GpuMemoryTotalMb,
        "Free GPU memory", "GPU memory usage", "Unload idle models, reduce batch sizes, or use a smaller quantisation.");

    public IEnumerable<Recommendation> Advise(AnalysisInput input)
    {
        double limit = _limitOf(input.Thresholds);
        foreach (var host in input.Hosts)
        {
            var time = input.Pressure(host, _pressure);
            if (!ResourcePressureRule.Fires(time, input.Thresholds))
            {
                continue;
            }

            double over = time.MeanBeyond!.Value - limit;
            double? total = _total is { } metric ? host.Latest?[metric] : null;
            var gain = total is { } mb
                ? new ExpectedGain(
                    $"Freeing {Format.Value(mb * over / 100, "MiB")} brings usage back to {Format.Percent(limit)}.", mb * over / 100, "MiB", "(mean above the limit − limit) × total / 100")
                : new ExpectedGain(
                    $"Lowering it by {Format.Number(over)} percentage points brings usage back to {Format.Percent(limit)}.", over, "percentage points", "mean above the limit − limit");
            yield return Subject.Of(host).Recommend(
                input, _kind, $"{_title} on {host.Source}",
                $"{_what} of {host.Source} was above {Format.Percent(limit)} for {Format.Ratio(time.Share)} of the time, "
                    + $"averaging {Format.Percent(time.MeanBeyond.Value)} while above.",
                _action, $"Above {Format.Percent(limit)} for more than {Format.Ratio(input.Thresholds.ResourceShare)} of the time.", gain,
                new("mean_above_limit", time.MeanBeyond.Value, "%"), new("limit", limit, "%"), new("share_of_time", time.Share, "share"),
                new("measured_time", time.MeasuredSeconds, "s"));
        }
    }
}
