using PerfPortal.Benchmarks.Measuring;
using PerfPortal.Domain.Statistics;

namespace PerfPortal.Benchmarks.Soak;

/// <summary>Whether a figure grew while the load stayed the same.</summary>
internal static class SoakGrowth
{
    private const double Certain = 0.01;

    /// <summary>
    /// The median of the last quarter by that of the first, the first fifth being warm-up; 1 where Mann-Kendall's test sees no upward trend at 1 %,
    /// for then it is noise. NaN with fewer than eight points.
    /// </summary>
    public static double Of(IReadOnlyList<SoakPoint> points, Func<SoakPoint, double> figure)
    {
        var warm = points.Skip(points.Count / 5).Select(point => (point.At, Value: figure(point))).Where(point => double.IsFinite(point.Value)).ToList();
        if (warm.Count < MannKendall.MinimumPoints)
        {
            return double.NaN;
        }

        int quarter = warm.Count / 4;
        double growth = Medians.Median(warm.TakeLast(quarter).Select(point => point.Value)) / Medians.Median(warm.Take(quarter).Select(point => point.Value));
        var trend = MannKendall.Test(warm.Select(point => new TimedValue(DateTimeOffset.UnixEpoch + point.At, point.Value)));
        return growth > 1 && trend is not { PValue: < Certain, SlopePerHour: > 0 } ? 1 : growth;
    }
}
