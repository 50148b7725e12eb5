using PerfPortal.Domain.Operations;
using PerfPortal.Domain.Statistics;

namespace PerfPortal.Domain.Journal;

/// <summary>The series and outcome of a rollup.</summary>
internal readonly record struct RollupKey(SeriesKey Series, OperationStatus Outcome);

/// <summary>Rollups to be added to the stored minutes and hours. Not thread-safe; <see cref="RollupBuffer"/> synchronizes access.</summary>
internal sealed class PendingRollups
{
    private readonly Dictionary<long, Dictionary<RollupKey, Rollup>> _minutes = [];

    /// <summary>The number of minute rollups.</summary>
    public int Count { get; private set; }

    /// <summary>The minutes with pending rollups.</summary>
    public IReadOnlyCollection<long> Minutes => _minutes.Keys;

    /// <summary>Returns the rollup of a minute and key, creating it if necessary.</summary>
    public Rollup Of(long minute, RollupKey key)
    {
        if (!_minutes.TryGetValue(minute, out var rollups))
        {
            _minutes.Add(minute, rollups = []);
        }

        if (!rollups.TryGetValue(key, out var rollup))
        {
            rollups.Add(key, rollup = new());
            Count++;
        }

        return rollup;
    }

    /// <summary>Adds all rollups of one minute from another instance.</summary>
    public void Merge(PendingRollups other, long minute)
    {
        foreach (var (key, rollup) in other._minutes[minute])
        {
            Of(minute, key).Merge(rollup);
        }
    }

    /// <summary>Returns the pages that change when these rollups are stored.</summary>
    public HashSet<PageAt> Pages() =>
        [.. _minutes.Keys.Select(minute => new PageAt(RollupResolution.Minute, minute)), .. _minutes.Keys.Select(minute => new PageAt(RollupResolution.Hour, RollupBuckets.HourOf(minute)))];

    /// <summary>Returns the deltas to store for these minutes: the minute rollups and their sums per hour.</summary>
    public List<RollupDelta> Deltas(IEnumerable<long> minutes)
    {
        var deltas = new List<RollupDelta>();
        var hours = new Dictionary<(long Hour, RollupKey Key), Rollup>();
        foreach (long minute in minutes)
        {
            foreach (var (key, rollup) in _minutes[minute])
            {
                deltas.Add(new(RollupResolution.Minute, minute, key.Series, key.Outcome, rollup));
                if (hours.TryGetValue((RollupBuckets.HourOf(minute), key), out var sum))
                {
                    sum.Merge(rollup);
                }
                else
                {
                    hours.Add((RollupBuckets.HourOf(minute), key), rollup.Clone());
                }
            }
        }

        deltas.AddRange(hours.Select(pair => new RollupDelta(RollupResolution.Hour, pair.Key.Hour, pair.Key.Key.Series, pair.Key.Key.Outcome, pair.Value)));
        return deltas;
    }

    /// <summary>Collects the rollups in buckets [from, to) that match the filter; as copies unless this instance no longer changes.</summary>
    public void Read(RollupResolution resolution, long from, long to, SeriesFilter filter, bool areCopies, List<RollupDelta> into)
    {
        foreach (var (minute, rollups) in _minutes)
        {
            long bucket = resolution == RollupResolution.Minute ? minute : RollupBuckets.HourOf(minute);
            if (bucket < from || bucket >= to)
            {
                continue;
            }

            foreach (var (key, rollup) in rollups)
            {
                if (filter.Matches(key.Series, key.Outcome))
                {
                    into.Add(new(resolution, bucket, key.Series, key.Outcome, areCopies ? rollup.Clone() : rollup));
                }
            }
        }
    }
}
