using PerfPortal.Domain.Statistics;

namespace PerfPortal.Domain.Journal;

/// <content>Sums of pages: held until one of their pages changes.</content>
public sealed partial class RollupBuffer
{
    /// <summary>Changes when pages do. What is read afterwards can be held as a sum of this version.</summary>
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

    /// <summary>The figures of pages when they are held, with what is pending beside them as of the same moment; nobody may change the figures.</summary>
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
    /// Holds the figures of pages that were read since a version, unless one of them has changed since. What is pending is then taken anew, as <see cref="FindSum"/> does:
    /// sums of durations in another order differ in their last digit.
    /// </summary>
    internal void HoldSum(SumOf sum, IReadOnlyDictionary<StatisticsGroup, StatisticsBuilder> figures, long version, List<RollupDelta> pending)
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
