using System.Globalization;
using PerfPortal.Domain.Journal;
using PerfPortal.Domain.Operations;
using PerfPortal.Domain.Statistics;
using PerfPortal.Domain.Text;

namespace PerfPortal.Server.Views.Models;

/// <summary>How the integrity score of models changed, as far back as rollups are kept, for the page and the endpoint.</summary>
internal sealed class IntegrityReader(StatisticsReader statistics, TimeProvider time)
{
    /// <summary>How far back the page looks.</summary>
    public static readonly TimeSpan Shown = TimeSpan.FromDays(90);

    /// <summary>The maximum number of points.</summary>
    public const int MaxPoints = 180;

    /// <summary>Returns the scores of the checks in a range, step by step; steps without a score are left out.</summary>
    /// <param name="model">The model; <see langword="null"/> for all of the portal's host.</param>
    /// <param name="range">The range.</param>
    /// <param name="cancellationToken">Cancels the reading.</param>
    public async Task<IntegrityTrend> ReadAsync(string? model, TimeRange range, CancellationToken cancellationToken)
    {
        var request = new StatisticsRequest(
            range, new() { MetricType = MetricType.HealthCheck, Source = HostSource.Name, Name = model }, StatisticsGrouping.None, BucketGrid.Over(range, MaxPoints, StatisticsReader.FinestStep));
        var answer = await statistics.ReadAsync(request, cancellationToken).ConfigureAwait(false);
        var grid = answer.Grid!;
        return new(
            answer.Range, grid.Step,
            [
                .. answer.Groups.OrderBy(group => group.Key.Step)
                    .Where(group => group.Value.Facts.ContainsKey(HealthCheckFacts.IntegrityScore)).Select(group => (group.Key.Step, Scores: group.Value.Facts[HealthCheckFacts.IntegrityScore]))
                    .Where(group => group.Scores.Count > 0).Select(group => new IntegrityPoint(grid.Start(group.Step), group.Scores.Count, group.Scores.Mean!.Value, group.Scores.Min)),
            ]);
    }

    /// <summary>Returns the scores of the time that the page shows.</summary>
    public Task<IntegrityTrend> ReadShownAsync(string model, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        return ReadAsync(model, new(now - Shown, now), cancellationToken);
    }
}

/// <summary>The scores of checks over time.</summary>
/// <param name="Range">The range that was answered.</param>
/// <param name="Step">The length of the steps.</param>
/// <param name="Points">The steps with a score, in ascending order.</param>
internal sealed record IntegrityTrend(AnsweredRange Range, TimeSpan Step, IReadOnlyList<IntegrityPoint> Points)
{
    /// <summary>The chart in percent: a line through the means, with a band down to the lowest score of each step.</summary>
    public ChartData Chart => new(
        Range.From, Range.To, [.. Points.Select(point => point.Start)],
        [new("Mean", Percent(point => point.Mean), Low: Percent(point => point.Lowest), High: Percent(point => point.Mean))]);

    /// <summary>The trend in words.</summary>
    public string Words => Points.Count == 0 ? "No check has a score."
        : $"{Many(Points.Sum(point => point.Checks))} since {Points[0].Start.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture)}, lowest score {Format.Ratio(Points.Min(point => point.Lowest))}.";

    private List<double?> Percent(Func<IntegrityPoint, double> score) => [.. Points.Select(point => (double?)(100 * score(point)))];

    private static string Many(long checks) => $"{Format.Count(checks)} check{(checks == 1 ? "" : "s")}";
}

/// <summary>The scores of the checks of a step.</summary>
/// <param name="Start">The start of the step, UTC.</param>
/// <param name="Checks">The checks with a score, at least 1.</param>
/// <param name="Mean">The mean score, 0–1.</param>
/// <param name="Lowest">The lowest score, 0–1.</param>
internal sealed record IntegrityPoint(DateTimeOffset Start, long Checks, double Mean, double Lowest);
