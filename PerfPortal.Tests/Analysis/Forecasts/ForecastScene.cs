using PerfPortal.Domain.Analysis.Forecasts;
using PerfPortal.Domain.Analysis.Series;
using PerfPortal.Domain.Findings;
using PerfPortal.Domain.Resources;
using PerfPortal.Domain.Settings;

namespace PerfPortal.Tests.Analysis.Forecasts;

/// <summary>A host whose metric follows a function of the minutes since the beginning.</summary>
internal sealed class ForecastScene(ResourceMetric metric, int minutes, Func<int, double> value)
{
    public static readonly DateTimeOffset Start = new(2026, 11, 1, 0, 0, 0, TimeSpan.Zero);
    private readonly double[] _values = [.. Enumerable.Range(0, minutes).Select(value)];

    /// <summary>What is found at a minute.</summary>
    public FindingObservation? At(int minute, PendingDownloads? downloads = null)
    {
        var now = Start.AddMinutes(minute);
        ResourceSeries[] recent = [Series(minute, 5, (int)ResourceOutlook.FastWindow.TotalMinutes)];
        ResourceSeries[] hours = [Series(minute, 60, (int)ResourceOutlook.SlowWindow.TotalMinutes)];
        FindingObservation? found = null;
        foreach (var target in ForecastTarget.Of(PerformanceThresholds.Default))
        {
            var days = target.Read(hours);
            found ??= ForecastDetector.Find(
                target, "gpu-2", target.Read(recent), days, days is null ? null : ResourceOutlook.Slow(target, days, now), downloads ?? PendingDownloads.None, now);
        }

        return found;
    }

    /// <summary>The first minute from one on, in steps of five, at which something is found; <see langword="null"/> when nothing is.</summary>
    public int? FirstFrom(int minute, int end, Func<int, PendingDownloads>? downloads = null)
    {
        for (; minute <= end; minute += 5)
        {
            if (At(minute, downloads?.Invoke(minute)) is not null)
            {
                return minute;
            }
        }

        return null;
    }

    private ResourceSeries Series(int now, int step, int window)
    {
        int first = Math.Max(0, (now - window) / step);
        int end = (now + step - 1) / step;
        return new(
            "gpu-2", metric, Start.AddMinutes(first * step), TimeSpan.FromMinutes(step),
            [.. Enumerable.Range(first, end - first).Select(i => _values[(i * step)..Math.Min((i + 1) * step, now)].Average())]);
    }
}
