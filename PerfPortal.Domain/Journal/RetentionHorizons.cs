using PerfPortal.Domain.Operations;

namespace PerfPortal.Domain.Journal;

/// <summary>How far back what is kept reaches, by the settings in force.</summary>
public sealed class RetentionHorizons
{
    private readonly TimeProvider _time;
    private readonly RetentionPolicy _policy;

    /// <summary>Makes horizons that move with the clock.</summary>
    public RetentionHorizons(TimeProvider time, RetentionPolicy policy)
    {
        _time = time;
        _policy = policy;
    }

    /// <summary>The settings in force.</summary>
    public RetentionPolicy Policy => _policy;

    /// <summary>The end from which on every operation row of every type is kept; a whole minute.</summary>
    public DateTimeOffset OldestRow => MetricTypes.All.Max(OldestComplete);

    /// <summary>From which minute on minute rollups are kept; a whole hour, never after any type's rows.</summary>
    public DateTimeOffset OldestMinute => Back(TimeSpan.FromHours(Math.Max(_policy.MinuteRollupHours, MetricTypes.All.Max(_policy.RowHours))), TimeSpan.FromHours(1));

    /// <summary>From which hour on hour rollups are kept; never after minute rollups.</summary>
    public DateTimeOffset OldestHour =>
        Back(TimeSpan.FromHours(Math.Max(_policy.HourRollupHours, Math.Max(_policy.MinuteRollupHours, MetricTypes.All.Max(_policy.RowHours)))), TimeSpan.FromHours(1));

    /// <summary>No operation that was taken ended later.</summary>
    public DateTimeOffset LatestEnd => _time.GetUtcNow() + OperationLimits.FutureTolerance;

    /// <summary>From which sample on samples are kept.</summary>
    public DateTimeOffset OldestSample => Back(TimeSpan.FromHours(_policy.SampleHours), TimeSpan.FromMinutes(1));

    /// <summary>Of this type nothing that ended before is kept; rows are purged an hour later.</summary>
    public DateTimeOffset Oldest(MetricType type) => Back(TimeSpan.FromHours(_policy.RowHours(type)), TimeSpan.FromMinutes(1));

    /// <summary>
    /// From when on every operation of this type is kept, a whole minute. One that ended before is rejected; rows are purged or thinned an hour
    /// later, so that no minute is dirty then and nothing that is gone can be sent again.
    /// </summary>
    public DateTimeOffset OldestComplete(MetricType type) => OldestComplete(type, _time.GetUtcNow());

    /// <summary>The same as of a moment, for many operations at once.</summary>
    public DateTimeOffset OldestComplete(MetricType type, DateTimeOffset now)
    {
        int hours = _policy.RowHours(type);
        return Back(TimeSpan.FromHours(_policy.Thinning is { } thinning ? Math.Min(hours, thinning.AfterHours) : hours), TimeSpan.FromMinutes(1), now);
    }

    /// <summary>Of operations that ended before, an hour's grace aside, only a share is kept; <see langword="null"/> when all are. A whole minute.</summary>
    public DateTimeOffset? ThinnedBefore => _policy.Thinning is { } thinning ? Back(TimeSpan.FromHours(thinning.AfterHours), TimeSpan.FromMinutes(1)) : null;

    private DateTimeOffset Back(TimeSpan by, TimeSpan unit) => Back(by, unit, _time.GetUtcNow());

    private static DateTimeOffset Back(TimeSpan by, TimeSpan unit, DateTimeOffset now)
    {
        if (now - OperationLimits.Earliest <= by)
        {
            return OperationLimits.Earliest;
        }

        var time = now - by;
        return new(time.Ticks - (time.Ticks % unit.Ticks), TimeSpan.Zero);
    }
}

/// <summary>How many hours of each kind of record are kept.</summary>
/// <param name="RowHours">Operation rows of a metric type.</param>
/// <param name="SampleHours">Samples of hosts.</param>
/// <param name="MinuteRollupHours">Minute rollups; never fewer than rows are kept.</param>
/// <param name="HourRollupHours">Hour rollups; never fewer than minute rollups are kept.</param>
/// <param name="Thinning">What becomes of older operations, or <see langword="null"/> when all of them are kept.</param>
public sealed record RetentionPolicy(
    Func<MetricType, int> RowHours, int SampleHours, int MinuteRollupHours, int HourRollupHours, ThinningPolicy? Thinning = null);

/// <summary>Which operations stay when they are older: all that did not succeed, the slowest of each series, and a fair share of the rest.</summary>
/// <param name="AfterHours">From what age on.</param>
/// <param name="Share">The share of the rest, 0–1.</param>
/// <param name="SlowestShare">The share of a series that counts as the slowest, 0–1.</param>
public sealed record ThinningPolicy(int AfterHours, double Share, double SlowestShare);
