using PerfPortal.Domain.Statistics;

namespace PerfPortal.Domain.Journal;

/// <content>Sums of pages, cached until one of their pages changes.</content>
public sealed partial class RollupBuffer
{
    /// <summary>Increases when pages change. A sum of pages read afterwards can be cached under this version.</summary>
    internal long Version
    {
        get
        {
            lock (_lock)
            {
                return _version;
            }
        }
    }

    /// <summary>Returns the cached sum, or <see langword="null"/>, with the pending rollups of the same point in time. Callers must not modify the figures.</summary>
    internal IReadOnlyDictionary<StatisticsGroup, StatisticsBuilder>? FindSum(SumOf sum, List<RollupDelta> pending)
    {
        lock (_lock)
        {
            var figures = _sums.Find(sum);
            if (figures is not null)
            {
                pending.Clear();
                ReadPending(sum.Resolution, sum.From, sum.To, sum.Filter, pending);
            }

            return figures;
        }
    }

    /// <summary>
    /// Caches the sum of pages that were read since a version, unless one of them has changed. The pending rollups are then read again in the order of
    /// <see cref="FindSum"/>, because adding durations in another order changes the last digit of the sum.
    /// </summary>
    internal void CacheSum(SumOf sum, IReadOnlyDictionary<StatisticsGroup, StatisticsBuilder> figures, long version, List<RollupDelta> pending)
    {
        lock (_lock)
        {
            if (!HasChanged(version, pages => pages.Any(sum.Holds)))
            {
                _sums.Put(sum, figures);
                pending.Clear();
                ReadPending(sum.Resolution, sum.From, sum.To, sum.Filter, pending);
            }
        }
    }
}
