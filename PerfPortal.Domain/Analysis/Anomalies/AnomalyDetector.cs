using PerfPortal.Domain.Analysis.Insight;
using PerfPortal.Domain.Analysis.Series;
using PerfPortal.Domain.Findings;
using PerfPortal.Domain.Operations;
using PerfPortal.Domain.Statistics;

namespace PerfPortal.Domain.Analysis.Anomalies;

/// <summary>
/// Finds what is unusual about hosts and about the durations of names. At the first run it learns from the last eight days of rollups; after that it reads only the
/// five-minute steps that have ended since. One run at a time.
/// </summary>
public sealed class AnomalyDetector(SeriesReader series) : IFindingDetector
{
    /// <summary>The time that is learnt from at the first run.</summary>
    public static readonly TimeSpan Learning = TimeSpan.FromDays(8);

    // Reports of operations come a little later than their end.
    private static readonly TimeSpan Settled = TimeSpan.FromMinutes(1);

    private AnomalyWatches _watches = new();
    private long _next;

    /// <inheritdoc/>
    public IReadOnlyList<FindingKind> Kinds { get; } = [FindingKind.Anomaly];

    /// <inheritdoc/>
    public async Task<IReadOnlyList<FindingObservation>> ObserveAsync(DetectionRequest request, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        long end = (request.Now - Settled).UtcTicks / SeriesWatch.Step.Ticks;
        long oldest = end - (Learning.Ticks / SeriesWatch.Step.Ticks);
        if (_next < oldest)
        {
            (_watches, _next) = (new(), oldest);
        }

        while (_next < end)
        {
            long until = Math.Min(end, _next + SeriesWatch.PerDay);
            var range = new TimeRange(TimeOf(_next), TimeOf(until));
            var hosts = new Dictionary<string, IReadOnlyList<ResourceSeries>>();
            foreach (var host in await series.ReadHostsAsync(cancellationToken).ConfigureAwait(false))
            {
                hosts[host.Source] = await series.ReadResourcesAsync(host.Source, range, SeriesWatch.Step, cancellationToken).ConfigureAwait(false);
            }

            var names = await series.ReadOperationsAsync(range, SeriesWatch.Step, SeriesFilter.Everyone, cancellationToken).ConfigureAwait(false);
            _watches.Add(_next, until, hosts, names);
            _next = until;
        }

        return _watches.Observe(end, request.Thresholds);
    }

    private static DateTimeOffset TimeOf(long step) => new(step * SeriesWatch.Step.Ticks, TimeSpan.Zero);
}
