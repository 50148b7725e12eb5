using PerfPortal.Domain.Operations;
using PerfPortal.Domain.Statistics;

namespace PerfPortal.Domain.Journal;

/// <summary>A series and an outcome: what a rollup of one minute is of.</summary>
internal readonly record struct RollupKey(SeriesKey Series, OperationStatus Outcome);

/// <summary>What is to be added to stored minutes and hours. Not safe for concurrent use: <see cref="RollupBuffer"/> guards it.</summary>
internal sealed class PendingRollups
{
    private readonly Dictionary<long, Dictionary<RollupKey, Rollup>> _minutes = [];

    /// <summary>How many rollups of minutes there are.</summary>
    public int Count { get; private set; }

    /// <summary>The minutes.</summary>
    public IReadOnlyCollection<long> Minutes => _minutes.Keys;

    /// <summary>The rollup to add to.</summary>
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

    /// <summary>Adds all of another's minute.</summary>
    public void Merge(PendingRollups other, long minute)
    {
        foreach (var (key, rollup) in other._minutes[minute])
        {
            Of(minute, key).Merge(rollup);
        }
    }

    /// <summary>The pages that change when this is stored.</summary>
    public HashSet<PageAt> Pages() =>
        [.. _minutes.Keys.Select(minute => new PageAt(RollupResolution.Minute, minute)), .. _minutes.Keys.Select(minute => new PageAt(RollupResolution.Hour, RollupBuckets.HourOf(minute)))];

    /// <summary>What to store of these minutes: their rollups, and sums for their hours.</summary>
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

    /// <summary>What passes a filter within buckets [from, to); copies, unless nobody adds to this any more.</summary>
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
