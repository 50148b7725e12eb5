using PerfPortal.Domain.Journal;
using PerfPortal.Domain.Statistics;

namespace PerfPortal.Server.Views.Dashboard;

/// <summary>The history of operation counts of a row.</summary>
internal static class TypeRows
{
    /// <summary>Returns the number of succeeded and failed operations per step; 0 for an empty step.</summary>
    public static IReadOnlyList<double?> Series(StatisticsAnswer steps, BucketGrid grid, Func<StatisticsGroup, bool> belongs)
    {
        double?[] counts = new double?[grid.Count];
        Array.Fill(counts, 0);
        foreach (var (group, builder) in steps.Groups)
        {
            if (group.Step >= 0 && group.Step < counts.Length && belongs(group))
            {
                counts[group.Step] += builder.Build(grid.Step).Count;
            }
        }

        return counts;
    }
}
