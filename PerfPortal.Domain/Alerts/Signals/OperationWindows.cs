using PerfPortal.Domain.Journal;
using PerfPortal.Domain.Operations;
using PerfPortal.Domain.Statistics;

namespace PerfPortal.Domain.Alerts.Signals;

/// <summary>
/// Reads the figures of all series over a window in pieces that remain the same from minute to minute: whole hours, tens of minutes around them, and minutes at the edges. The sums of the
/// longer pieces stay cached in the <see cref="RollupBuffer"/> until something is reported for them, so that the cost grows neither with the window nor with history, and late reports count.
/// </summary>
internal sealed class OperationWindows(StatisticsReader statistics, SubjectPool subjects)
{
    private const int Ten = 10;
    private const int Hour = 60;

    private const StatisticsGrouping EachName = StatisticsGrouping.MetricType | StatisticsGrouping.Name;

    /// <summary>Reads a window.</summary>
    /// <param name="at">The end, a whole minute.</param>
    /// <param name="window">The length, whole minutes.</param>
    /// <param name="bySource">Whether sources are told apart; otherwise the sums over all of them are read, which are far fewer.</param>
    /// <param name="source">The source that the portal's own operations are read for; <see langword="null"/> for all others.</param>
    /// <param name="cancellationToken">Cancels the operation.</param>
    public async Task<OperationWindow> ReadAsync(DateTimeOffset at, TimeSpan window, bool bySource, string? source, CancellationToken cancellationToken)
    {
        var series = new Dictionary<SeriesKey, SeriesFigures>();
        long end = RollupBuckets.Of(RollupResolution.Minute, at);
        foreach (var (from, to) in Pieces(end - (long)window.TotalMinutes, end))
        {
            var range = new TimeRange(RollupBuckets.Start(RollupResolution.Minute, from), RollupBuckets.Start(RollupResolution.Minute, to));
            var answer = await statistics.ReadAsync(new(range, new() { Source = source }, bySource ? EachName | StatisticsGrouping.Source : EachName, WithFacts: false), cancellationToken).ConfigureAwait(false);
            foreach (var (group, figures) in answer.Groups)
            {
                var key = new SeriesKey(group.MetricType!.Value, group.Source ?? "", group.Name!);
                if (!series.TryGetValue(key, out var sum))
                {
                    series.Add(key, sum = new(key));
                }

                sum.Add(figures);
            }
        }

        return new(series.Values.Where(figures => !figures.IsEmpty), subjects);
    }

    /// <summary>Splits [<paramref name="from"/>, <paramref name="to"/>), in minutes, at whole hours and whole tens of minutes.</summary>
    internal static IEnumerable<(long From, long To)> Pieces(long from, long to)
    {
        long[] bounds = [from, Up(from, Ten), Up(from, Hour), Down(to, Hour), Down(to, Ten), to];
        if (bounds[2] > bounds[3])
        {
            // No whole hour: only tens within.
            bounds = bounds[1] > bounds[4] ? [from, to] : [from, bounds[1], bounds[4], to];
        }

        for (int i = 1; i < bounds.Length; i++)
        {
            if (bounds[i - 1] < bounds[i])
            {
                yield return (bounds[i - 1], bounds[i]);
            }
        }
    }

    private static long Up(long minute, int unit) => -Floor(-minute, unit) * unit;

    private static long Down(long minute, int unit) => Floor(minute, unit) * unit;

    private static long Floor(long minute, int unit) => minute >= 0 ? minute / unit : -((unit - 1 - minute) / unit);
}
