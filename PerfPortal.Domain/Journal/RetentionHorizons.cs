using PerfPortal.Domain.Operations;

namespace PerfPortal.Domain.Journal;

/// <summary>The retention horizons under the current settings, or later where the size limit of the database has deleted more.</summary>
public sealed class RetentionHorizons
{
    private readonly TimeProvider _time;
    private readonly RetentionPolicy _policy;
    private DataHorizon _size = DataHorizon.None;

    /// <summary>Creates horizons that move with the clock.</summary>
    public RetentionHorizons(TimeProvider time, RetentionPolicy policy)
    {
        _time = time;
        _policy = policy;
    }

    /// <summary>The current settings.</summary>
    public RetentionPolicy Policy => _policy;

    /// <summary>What the size limit has deleted.</summary>
    public DataHorizon Size => Volatile.Read(ref _size);

    /// <summary>What retention alone would have deleted, or thinned, by now.</summary>
    public DataHorizon ByRetention => new(PolicyRow, PolicyMinute, PolicyHour);

    /// <summary>Whether data is missing that retention would have kept.</summary>
    public bool IsCutBySize => Size is var size
        && (size.Minutes > PolicyMinute || size.Hours > PolicyHour
            || size.Rows > MetricTypes.All.Min(type => Back(TimeSpan.FromHours(_policy.RowHours(type)), TimeSpan.FromMinutes(1))));

    /// <summary>Moves the horizons to where the size limit has deleted everything before. They never move back.</summary>
    public void Raise(DataHorizon size) => Volatile.Write(ref _size, Size.Later(size));

    /// <summary>The end time from which all operation rows of every type are kept; a whole minute.</summary>
    public DateTimeOffset OldestRow => MetricTypes.All.Max(OldestComplete);

    /// <summary>The time from which minute rollups are kept; a whole hour, never later than the oldest row of any type.</summary>
    public DateTimeOffset OldestMinute => Later(PolicyMinute, Size.Minutes);

    /// <summary>The time from which hour rollups are kept; never later than <see cref="OldestMinute"/>.</summary>
    public DateTimeOffset OldestHour => Later(PolicyHour, Size.Hours);

    /// <summary>The latest end time of any accepted operation.</summary>
    public DateTimeOffset LatestEnd => _time.GetUtcNow() + OperationLimits.FutureTolerance;

    /// <summary>The time from which samples are kept.</summary>
    public DateTimeOffset OldestSample => Later(Back(TimeSpan.FromHours(_policy.SampleHours), TimeSpan.FromMinutes(1)), Size.Rows);

    /// <summary>The end time before which no operations of this type are kept; rows are purged an hour later.</summary>
    public DateTimeOffset Oldest(MetricType type) => Later(Back(TimeSpan.FromHours(_policy.RowHours(type)), TimeSpan.FromMinutes(1)), Size.Rows);

    /// <summary>
    /// The end time from which all operations of this type are kept; a whole minute. Reports of operations that ended earlier are rejected. Rows are purged or thinned an
    /// hour later, so that no affected minute is still dirty and a purged operation cannot be reported again.
    /// </summary>
    public DateTimeOffset OldestComplete(MetricType type) => OldestComplete(type, _time.GetUtcNow());

    /// <summary>Like <see cref="OldestComplete(MetricType)"/> at a given time, for checking many operations.</summary>
    public DateTimeOffset OldestComplete(MetricType type, DateTimeOffset now) => Later(PolicyComplete(type, now), Size.Rows);

    private DateTimeOffset PolicyComplete(MetricType type, DateTimeOffset now)
    {
        int hours = _policy.RowHours(type);
        return Back(TimeSpan.FromHours(_policy.Thinning is { } thinning ? Math.Min(hours, thinning.AfterHours) : hours), TimeSpan.FromMinutes(1), now);
    }

    /// <summary>The end time before which (plus an hour's grace) only a share of operations is kept; a whole minute. <see langword="null"/> when thinning is off.</summary>
    public DateTimeOffset? ThinnedBefore => _policy.Thinning is { } thinning ? Back(TimeSpan.FromHours(thinning.AfterHours), TimeSpan.FromMinutes(1)) : null;

    private DateTimeOffset PolicyRow => MetricTypes.All.Max(type => PolicyComplete(type, _time.GetUtcNow()));

    private DateTimeOffset PolicyMinute => Back(TimeSpan.FromHours(Math.Max(_policy.MinuteRollupHours, MetricTypes.All.Max(_policy.RowHours))), TimeSpan.FromHours(1));

    private DateTimeOffset PolicyHour =>
        Back(TimeSpan.FromHours(Math.Max(_policy.HourRollupHours, Math.Max(_policy.MinuteRollupHours, MetricTypes.All.Max(_policy.RowHours)))), TimeSpan.FromHours(1));

    private static DateTimeOffset Later(DateTimeOffset a, DateTimeOffset b) => a > b ? a : b;

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

/// <summary>The retention of each kind of record in hours.</summary>
/// <param name="RowHours">Operation rows of a metric type.</param>
/// <param name="SampleHours">Samples of hosts.</param>
/// <param name="MinuteRollupHours">Minute rollups; never fewer than rows are kept.</param>
/// <param name="HourRollupHours">Hour rollups; never fewer than minute rollups are kept.</param>
/// <param name="Thinning">The thinning of older operations, or <see langword="null"/> to keep all of them.</param>
public sealed record RetentionPolicy(
    Func<MetricType, int> RowHours, int SampleHours, int MinuteRollupHours, int HourRollupHours, ThinningPolicy? Thinning = null);

/// <summary>Selects the older operations to keep: all that did not succeed, the slowest of each series, and an unbiased share of the rest.</summary>
/// <param name="AfterHours">The age in hours from which operations are thinned.</param>
/// <param name="Share">The share of the rest to keep, 0–1.</param>
/// <param name="SlowestShare">The share of a series that counts as the slowest, 0–1.</param>
public sealed record ThinningPolicy(int AfterHours, double Share, double SlowestShare);
