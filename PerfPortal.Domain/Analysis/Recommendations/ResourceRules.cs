using PerfPortal.Domain.Analysis.Bottlenecks;
using PerfPortal.Domain.Findings;
using PerfPortal.Domain.Resources;
using PerfPortal.Domain.Settings;
using PerfPortal.Domain.Text;

namespace PerfPortal.Domain.Analysis.Recommendations;

/// <summary>
/// A host has less than twice <c>low_disk_gb</c> of free disk space (10 GiB by default), so that there is time before it is short.
/// The gain is what brings it back to that: 2 × limit − free.
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
                    $"{host.Source} has {Format.Number(free)} GiB of disk space left.",
                    "Remove models that nobody uses, partial downloads and caches.",
                    $"Less than {EarlyFactor:0} × low_disk_gb = {Format.Number(limit)} GiB free.",
                    new($"{Format.Number(limit - free)} GiB more bring it back to {Format.Number(limit)} GiB.", limit - free, "GiB", "2 × low_disk_gb − free"),
                    new EvidenceNumber("disk_free_gb", free, "GiB"));
            }
        }
    }
}

/// <summary>
/// A resource of a host is a bottleneck (see <see cref="ResourcePressureRule"/>): free it, or run less at once.
/// The gain is what takes the mean of the time above the limit back to it: (mean − limit) % of the total where that is known, else percentage points.
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
        "Free memory", "memory", "Unload models that are idle, make caches smaller, and run fewer memory-heavy operations at once.");

    public static PressureReliefRule Cpu { get; } = new(
        RecommendationKinds.CpuLoad, ResourcePressureRule.Cpu, thresholds => thresholds.HighCpuPercent, null,
        "Run less at once", "processor use", "Run fewer operations at once, or move health checks and analytics to quiet hours.");

    public static PressureReliefRule GpuMemory { get; } = new(
        RecommendationKinds.GpuMemoryCleanup, ResourcePressureRule.GpuMemory, thresholds => thresholds.HighGpuMemoryPercent, ResourceMetric.GpuMemoryTotalMb,
        "Free graphics memory", "graphics memory", "Unload models that are idle, make batches smaller, or use a smaller quantisation.");

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
                    $"{Format.Value(mb * over / 100, "MiB")} less bring it back to {Format.Percent(limit)}.", mb * over / 100, "MiB", "(mean above the limit − limit) × total / 100")
                : new ExpectedGain(
                    $"{Format.Number(over)} percentage points less bring it back to {Format.Percent(limit)}.", over, "percentage points", "mean above the limit − limit");
            yield return Subject.Of(host).Recommend(
                input, _kind, $"{_title} on {host.Source}",
                $"The {_what} of {host.Source} was {Format.Percent(time.MeanBeyond.Value)} on average in the {Format.Ratio(time.Share)} of the time when it was above {Format.Percent(limit)}.",
                _action, $"Above {Format.Percent(limit)} in more than {Format.Ratio(input.Thresholds.ResourceShare)} of the time.", gain,
                new("mean_above_limit", time.MeanBeyond.Value, "%"), new("limit", limit, "%"), new("share_of_time", time.Share, "share"),
                new("measured_time", time.MeasuredSeconds, "s"));
        }
    }
}
