using PerfPortal.Domain.Findings;
using PerfPortal.Domain.Journal;
using PerfPortal.Domain.Operations;
using PerfPortal.Domain.Resources;
using PerfPortal.Domain.Statistics;
using PerfPortal.Server.Text;

namespace PerfPortal.Server.Views.Findings;

/// <summary>Reads the chart of a finding: its measure before, during and after, with the plausible beginning marked.</summary>
internal sealed class FindingChartReader(StatisticsReader statistics, ResourceHistory resources, MarkerReader markers, TimeProvider time)
{
    private const int Steps = 120;
    private const double MiB = 1024.0 * 1024;
    private static readonly TimeSpan Shortest = TimeSpan.FromHours(2);
    private static readonly TimeSpan Longest = TimeSpan.FromDays(7);

    /// <summary>Returns the chart.</summary>
    public async Task<ChartModel> ReadAsync(Finding finding, CancellationToken cancellationToken)
    {
        var range = RangeOf(finding, time.GetUtcNow());
        var chart = ResourceMetrics.Find(finding.Latest.Subject.Measure) is { } metric
            ? await OfHostAsync(finding.Latest.Subject.Source!, metric, range, cancellationToken).ConfigureAwait(false)
            : await OfOperationsAsync(finding.Latest.Subject, range, cancellationToken).ConfigureAwait(false);
        var reported = await markers.ReadForChartsAsync(range, finding.Latest.Subject.Source, cancellationToken).ConfigureAwait(false);
        return chart with { Marks = [.. FindingMarks.Of(finding), .. MarkerMarks.Of(reported)] };
    }

    /// <summary>As much before the finding as it has lasted, between two hours and a week, and some time after it.</summary>
    internal static TimeRange RangeOf(Finding finding, DateTimeOffset now)
    {
        var end = finding.Until ?? now;
        var lasted = end - finding.Latest.Since;
        var before = lasted < Shortest ? Shortest : lasted > Longest ? Longest : lasted;
        var after = end + TimeSpan.FromTicks(before.Ticks / 4);
        return new(finding.Latest.SinceLow - before, after < now ? after : now);
    }

    private async Task<ChartModel> OfHostAsync(string host, ResourceMetricInfo metric, TimeRange range, CancellationToken cancellationToken)
    {
        var (unit, factor) = metric.Unit switch
        {
            "MiB" => ("bytes", MiB),
            "GiB" => ("bytes", 1024 * MiB),
            "B/s" => ("bytes/s", 1),
            "" => (null, 1),
            var other => (other, 1.0),
        };
        var history = await resources.ReadAsync(host, range, Steps, cancellationToken).ConfigureAwait(false);
        var points = history.Series.GetValueOrDefault(metric.Metric, []);
        double?[] Of(Func<ResourcePoint, double> value) => [.. points.Select(point => point is { } known ? value(known) * factor : (double?)null)];
        ChartSeries[] series = points.Count == 0 ? [] : [new(host, Of(point => point.Mean), Low: Of(point => point.Min), High: Of(point => point.Max))];
        return new(metric.WireName, EvidenceText.Title(metric.WireName), unit, new(range.From, range.To, history.Times, series), [], null, $"{host} reported no samples in this period.");
    }

    private async Task<ChartModel> OfOperationsAsync(FindingSubject subject, TimeRange range, CancellationToken cancellationToken)
    {
        var grid = BucketGrid.Over(range, Steps, StatisticsReader.FinestStep);
        var answer = await statistics.ReadAsync(
            new(range, new() { Source = subject.Source, MetricType = subject.MetricType, Name = subject.Name }, StatisticsGrouping.None, grid, WithFacts: subject.Measure == FindingMeasures.Integrity), cancellationToken).ConfigureAwait(false);
        grid = answer.Grid!;
        OutcomeStatistics[] steps = [.. Enumerable.Range(0, grid.Count).Select(step => answer.Of(new(step, null, null, null)))];
        DateTimeOffset[] times = [.. Enumerable.Range(0, grid.Count).Select(grid.Start)];
        var (title, unit, series) = subject.Measure switch
        {
            FindingMeasures.Duration => ("Duration", "s", (ChartSeries[])[new("P50", [.. steps.Select(step => step.P50)]), new("P95", [.. steps.Select(step => step.P95)])]),
            FindingMeasures.FailureRate => ("Failure rate", "%", [new("Failed", [.. steps.Select(step => 100 * (1 - step.SuccessRate))], Color: "--crit")]),
            FindingMeasures.Integrity => ("Integrity score", "%", [new("Lowest", [.. Enumerable.Range(0, grid.Count).Select(step => LowestScore(answer, step))])]),
            _ => ($"Operations completed per {StepWords.Of(grid.Step)}", (string?)null, [new("Completed", [.. steps.Select(step => (double?)step.Count)], ChartKind.Bar)]),
        };
        return new(subject.Measure, title, unit, new(range.From, range.To, times, answer.Groups.Count == 0 ? [] : series), [], subject.Measure == FindingMeasures.Integrity ? 100 : null, "No operations ended in this period.");
    }

    private static double? LowestScore(StatisticsAnswer answer, int step) =>
        answer.Groups.TryGetValue(new(step, null, null, null), out var group) && group.Facts.TryGetValue(HealthCheckFacts.IntegrityScore, out var score) && score.Count > 0 ? 100 * score.Min : null;
}
