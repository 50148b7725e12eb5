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
    public DateTimeOffset OldestRow => MetricTypes.All.Max(type => Oldest(type));

    /// <summary>From which minute on minute rollups are kept; a whole hour, never after any type's rows.</summary>
    public DateTimeOffset OldestMinute => Back(TimeSpan.FromHours(Math.Max(_policy.MinuteRollupHours, MetricTypes.All.Max(_policy.RowHours))), TimeSpan.FromHours(1));

    /// <summary>From which hour on hour rollups are kept; never after minute rollups.</summary>
    public DateTimeOffset OldestHour =>
        Back(TimeSpan.FromHours(Math.Max(_policy.HourRollupHours, Math.Max(_policy.MinuteRollupHours, MetricTypes.All.Max(_policy.RowHours)))), TimeSpan.FromHours(1));

    /// <summary>From which sample on samples are kept.</summary>
    public DateTimeOffset OldestSample => Back(TimeSpan.FromHours(_policy.SampleHours), TimeSpan.FromMinutes(1));

    /// <summary>An operation of this type that ended before is rejected; rows are purged an hour later, so that no minute is dirty then.</summary>
    public DateTimeOffset Oldest(MetricType type) => Back(TimeSpan.FromHours(_policy.RowHours(type)), TimeSpan.FromMinutes(1));

    /// <summary>The same as of a moment, for many operations at once.</summary>
    public DateTimeOffset Oldest(MetricType type, DateTimeOffset now) => Back(TimeSpan.FromHours(_policy.RowHours(type)), TimeSpan.FromMinutes(1), now);

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
public sealed record RetentionPolicy(Func<MetricType, int> RowHours, int SampleHours, int MinuteRollupHours, int HourRollupHours);
