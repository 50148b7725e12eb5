using PerfPortal.Domain.Statistics;

namespace PerfPortal.Domain.Analysis;

/// <summary>
/// Adds the figures of groups, so that one reading gives names, types and the whole: reading the rollups again for each would cost three times as much.
/// </summary>
public static class FigureMerge
{
    /// <summary>The figures of all parts together; the parts stay as they are. Of one part it is that part itself.</summary>
    public static StatisticsBuilder Of(IEnumerable<StatisticsBuilder> parts)
    {
        StatisticsBuilder? first = null;
        StatisticsBuilder? sum = null;
        foreach (var part in parts)
        {
            if (first is null)
            {
                first = part;
                continue;
            }

            sum ??= first.Clone();
            sum.Merge(part);
        }

        return sum ?? first ?? new();
    }
}
