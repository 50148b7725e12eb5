using PerfPortal.Domain.Statistics;

namespace PerfPortal.Domain.Analysis;

/// <summary>
/// Merges the figures of groups, so that one read serves names, types and the total; separate reads of the rollups would cost three times as much.
/// </summary>
public static class FigureMerge
{
    /// <summary>Merges all parts without changing them. A single part is returned as it is.</summary>
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
