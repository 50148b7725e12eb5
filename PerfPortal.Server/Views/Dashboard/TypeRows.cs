using PerfPortal.Domain.Journal;
using PerfPortal.Domain.Statistics;

namespace PerfPortal.Server.Views.Dashboard;

/// <summary>The course of counts behind a row.</summary>
internal static class TypeRows
{
    /// <summary>How many operations succeeded or failed in each step; a step without any is 0.</summary>
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
