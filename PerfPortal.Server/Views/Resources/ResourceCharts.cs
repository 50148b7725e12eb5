using PerfPortal.Domain.Journal;
using PerfPortal.Domain.Resources;
using PerfPortal.Domain.Statistics;
using PerfPortal.Server.Charts;
using PerfPortal.Server.Pages.Resources;

namespace PerfPortal.Server.Views.Resources;

/// <summary>A metric in a chart.</summary>
/// <param name="Metric">The metric.</param>
/// <param name="Name">Its name in the legend.</param>
/// <param name="Factor">What its values are multiplied with, such as 1,048,576 from MiB to bytes.</param>
internal sealed record ChartMetric(ResourceMetric Metric, string Name, double Factor = 1);

/// <summary>Turns the history of resources into charts: the mean as a line in the band from the smallest to the largest value.</summary>
internal static class ResourceCharts
{
    /// <summary>Draws those of the metrics that were measured at all.</summary>
    public static ChartData Draw(ResourceSeriesAnswer answer, TimeRange range, IReadOnlyList<ChartMetric> metrics)
    {
        // The line of a step stands in its middle; a step that has only begun ends now.
        DateTimeOffset[] times = [.. answer.Times.Select(time => time + TimeSpan.FromSeconds(answer.StepSeconds / 2))];
        var series = new List<ChartSeries>();
        foreach (var metric in metrics)
        {
            if (answer.Series.TryGetValue(metric.Metric, out var points))
            {
                double?[] Read(Func<ResourcePoint, double> value) => [.. points.Select(point => point is { } p ? value(p) * metric.Factor : (double?)null)];
                series.Add(new(metric.Name, Read(p => p.Mean), Low: Read(p => p.Min), High: Read(p => p.Max)));
            }
        }

        return new(range.From, range.To, times, series);
    }
}
