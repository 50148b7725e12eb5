namespace PerfPortal.Domain.Statistics.Forecasting;

/// <summary>Gaps in a series.</summary>
internal static class Gaps
{
    /// <summary>The series without gaps at its ends, and with those between values filled along a line.</summary>
    public static double[] Filled(ReadOnlySpan<double> values)
    {
        int first = 0;
        while (first < values.Length && !double.IsFinite(values[first]))
        {
            first++;
        }

        int end = values.Length;
        while (end > first && !double.IsFinite(values[end - 1]))
        {
            end--;
        }

        double[] filled = values[first..end].ToArray();
        int known = 0;
        for (int i = 1; i < filled.Length; i++)
        {
            if (!double.IsFinite(filled[i]))
            {
                continue;
            }

            for (int gap = known + 1; gap < i; gap++)
            {
                filled[gap] = filled[known] + ((filled[i] - filled[known]) * (gap - known) / (i - known));
            }

            known = i;
        }

        return filled;
    }
}
