using PerfPortal.Domain.Analysis.Insight;
using PerfPortal.Domain.Analysis.Series;
using PerfPortal.Domain.Findings;
using PerfPortal.Domain.Journal;
using PerfPortal.Domain.Operations;
using PerfPortal.Domain.Settings;
using PerfPortal.Domain.Statistics;

namespace PerfPortal.Domain.Analysis.Anomalies;

/// <summary>
/// Finds what is unusual about hosts and about the durations of names. What it does not know yet, at the first run everything, it learns from the last eight days of rollups, and tells
/// what was unusual in the last 24 hours of them; after that it reads only the five-minute steps that have ended since. One run at a time.
/// </summary>
public sealed class AnomalyDetector(SeriesReader series) : IFindingDetector, ICommitListener
{
    /// <summary>The time that is learnt from.</summary>
    public static readonly TimeSpan Learning = TimeSpan.FromDays(8);

    /// <summary>What ended this long before history was learnt is told; what ended earlier is only learnt from.</summary>
    public static readonly TimeSpan Told = TimeSpan.FromHours(24);

    // Reports of operations come a little later than their end.
    private static readonly TimeSpan Settled = TimeSpan.FromMinutes(1);

    // Learning names reads the operations of all: once an hour.
    private const int NamesEvery = 12;

    private readonly SentHistory _sent = new();
    private AnomalyWatches _watches = new();
    private long _next;
    private long _namesLearnt;

    /// <inheritdoc/>
    public IReadOnlyList<FindingKind> Kinds { get; } = [FindingKind.Anomaly];

    /// <inheritdoc/>
    public void OnCommitted(CommitNotice notice) => _sent.OnCommitted(notice);

    /// <inheritdoc/>
    public async Task<IReadOnlyList<FindingObservation>> ObserveAsync(DetectionRequest request, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        long end = (request.Now - Settled).UtcTicks / SeriesWatch.Step.Ticks;
        long oldest = end - StepsOf(Learning);
        bool isFirst = _next < oldest;
        if (isFirst)
        {
            (_watches, _next, _namesLearnt) = (new(), end, 0);
        }

        var ended = new EndedAnomalies(end - StepsOf(Told), request.Thresholds);
        if (isFirst || _next < end)
        {
            await AddAsync(_next, end, _watches.Hosts, withNames: true, admits: false, ended, cancellationToken).ConfigureAwait(false);
            _next = end;
            await LearnAsync(oldest, end, isFirst, ended, cancellationToken).ConfigureAwait(false);
        }

        return ended.With(_watches.Observe(end, request.Thresholds));
    }

    /// <summary>Learns hosts and names that are not known yet, and anew those whose history was sent.</summary>
    private async Task LearnAsync(long oldest, long end, bool isFirst, EndedAnomalies ended, CancellationToken cancellationToken)
    {
        var sent = _sent.Take(TimeOf(end));
        if (sent is null && !isFirst)
        {
            return;
        }

        bool areNamesDue = end - _namesLearnt >= NamesEvery;
        foreach (string host in sent?.Hosts ?? [])
        {
            _watches.Forget(host);
        }

        foreach (var name in sent?.Names ?? [])
        {
            _watches.Forget(name);
        }

        var reporting = await series.ReadHostsAsync(cancellationToken).ConfigureAwait(false);
        string[] hosts = [.. _watches.Unknown(reporting.Where(sample => sample.SampledAt >= TimeOf(end - AnomalyWatches.Dropped)).Select(sample => sample.Source))];
        bool withNames = isFirst || (_watches.LacksNames && areNamesDue);
        if (hosts.Length == 0 && !withNames)
        {
            return;
        }

        await AddAsync(oldest, end, hosts, withNames, admits: true, ended, cancellationToken).ConfigureAwait(false);
        _namesLearnt = withNames && (_watches.HasNames || !isFirst) ? end : _namesLearnt;
    }

    private async Task AddAsync(
        long first, long end, IReadOnlyCollection<string> hosts, bool withNames, bool admits, EndedAnomalies ended, CancellationToken cancellationToken)
    {
        while (first < end)
        {
            long until = Math.Min(end, first + SeriesWatch.PerDay);
            var range = new TimeRange(TimeOf(first), TimeOf(until));
            var metrics = new Dictionary<string, IReadOnlyList<ResourceSeries>>();
            foreach (string host in hosts)
            {
                metrics[host] = await series.ReadResourcesAsync(host, range, SeriesWatch.Step, cancellationToken).ConfigureAwait(false);
            }

            var names = withNames ? await series.ReadOperationsAsync(range, SeriesWatch.Step, SeriesFilter.Everyone, cancellationToken).ConfigureAwait(false) : [];
            _watches.Add(first, until, metrics, names, admits, ended);
            first = until;
        }
    }

    private static long StepsOf(TimeSpan time) => time.Ticks / SeriesWatch.Step.Ticks;

    private static DateTimeOffset TimeOf(long step) => new(step * SeriesWatch.Step.Ticks, TimeSpan.Zero);
}
