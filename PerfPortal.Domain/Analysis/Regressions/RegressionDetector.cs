using PerfPortal.Domain.Analysis.Insight;
using PerfPortal.Domain.Analysis.Regressions.Causes;
using PerfPortal.Domain.Analysis.Series;
using PerfPortal.Domain.Analysis.Silence;
using PerfPortal.Domain.Findings;
using PerfPortal.Domain.Journal;
using PerfPortal.Domain.Operations;
using PerfPortal.Domain.Statistics;

namespace PerfPortal.Domain.Analysis.Regressions;

/// <summary>
/// Finds names whose operations became slower, or fail more often, at a point in time: change points of the median and mean duration and of the share of failures, at hours over 14 days and
/// at five minutes over the last two days. Each name is looked at every five minutes at short steps and every hour at hours, one part of the names a minute. Because names are judged one
/// by one, a shift between names is no regression. A gradual rise over days is a degradation (<see cref="DegradationWatch"/>).
/// </summary>
public sealed class RegressionDetector(SeriesReader series, IOperationReader operations, IKnownEvents events) : IFindingDetector
{
    /// <summary>For how long a regression is told after it ended.</summary>
    public static readonly TimeSpan ToldFor = TimeSpan.FromHours(24);

    // The same steps as those that other detectors read, so that they are held once.
    private static readonly TimeSpan Days = TimeSpan.FromDays(14);
    private static readonly TimeSpan LatestDays = TimeSpan.FromDays(1) + SilentOperations.Longest;
    private static readonly TimeSpan Hour = TimeSpan.FromHours(1);
    private static readonly TimeSpan Step = TimeSpan.FromMinutes(5);

    // Reports of operations that ended in a step arrive a little later.
    private static readonly TimeSpan Arrival = TimeSpan.FromMinutes(1);

    private readonly Dictionary<(MetricType Type, string Name), SeriesWatch> _watches = [];
    private readonly RegressionStories _stories = new(series, new(series, operations, events), new(series, operations));
    private long _looked = long.MinValue;
    private int _created;

    /// <inheritdoc/>
    public IReadOnlyList<FindingKind> Kinds { get; } = [FindingKind.Regression, FindingKind.Degradation];

    /// <inheritdoc/>
    public async Task<IReadOnlyList<FindingObservation>> ObserveAsync(DetectionRequest request, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        long minute = request.Now.UtcTicks / TimeSpan.TicksPerMinute;
        if (minute != _looked)
        {
            await LookAsync(request.Now, minute, cancellationToken).ConfigureAwait(false);
            _looked = minute;
        }

        var observations = new List<FindingObservation>();
        foreach (var (key, watch) in _watches)
        {
            foreach (var (measure, regression) in watch.Regressions(request.Now - ToldFor))
            {
                observations.Add(await _stories.TellAsync(key.Type, key.Name, measure, regression, request.Now, cancellationToken).ConfigureAwait(false));
            }
        }

        observations.AddRange(_watches.Where(pair => pair.Value.Gradual.Current is not null && !pair.Value.Median.IsOpen && !pair.Value.Mean.IsOpen)
            .Select(pair => DegradationWatch.Describe(pair.Key.Type, pair.Key.Name, pair.Value.Gradual.Current!, pair.Value.PerHour)));
        _stories.Forget(request.Now - ToldFor);
        return observations;
    }

    private async Task LookAsync(DateTimeOffset now, long minute, CancellationToken cancellationToken)
    {
        var hours = await series.ReadOperationsAsync(new(now - Days, now), Hour, SeriesFilter.Everyone, cancellationToken).ConfigureAwait(false);
        var steps = await series.ReadOperationsAsync(new(now - LatestDays, now), Step, SeriesFilter.Everyone, cancellationToken).ConfigureAwait(false);
        foreach (var one in hours)
        {
            var key = (one.MetricType, one.Name);
            if (!_watches.TryGetValue(key, out var watch))
            {
                _watches.Add(key, watch = new(_created++));
            }

            if (watch!.Turn % 60 == minute % 60 || watch.IsOutdated(one))
            {
                watch.LookAtHours(one, now - Arrival);
            }
        }

        foreach (var one in steps)
        {
            if (_watches.TryGetValue((one.MetricType, one.Name), out var watch) && watch.Turn % 5 == minute % 5)
            {
                watch.LookAtSteps(one, now - Arrival);
            }
        }

        var present = hours.Select(one => (one.MetricType, one.Name)).ToHashSet();
        foreach (var gone in _watches.Keys.Where(key => !present.Contains(key)).ToList())
        {
            _watches.Remove(gone);
        }
    }
}
