namespace PerfPortal.Domain.Statistics;

/// <summary>Statistics that are robust against outliers. Values must be finite.</summary>
public static class Robust
{
    /// <summary>The median: for an even number of values, the mean of the middle two; <see langword="null"/> without values.</summary>
    public static double? Median(ReadOnlySpan<double> values)
    {
        if (values.IsEmpty)
        {
            return null;
        }

        double[] sorted = values.ToArray();
        return MedianInPlace(sorted);
    }

    /// <summary>The median of at least one value; reorders the values.</summary>
    internal static double MedianInPlace(Span<double> values)
    {
        int middle = values.Length / 2;
        double upper = Select(values, middle);
        if (values.Length % 2 == 1)
        {
            return upper;
        }

        double lower = values[0];
        foreach (double value in values[1..middle])
        {
            lower = Math.Max(lower, value);
        }

        return lower / 2 + upper / 2;
    }

    /// <summary>
    /// Quickselect: partitions the values around the value of a rank (from 0) and returns it. Hoare's "Find"
    /// (Communications of the ACM 4, 1961) with the median of three as pivot. Falls back to sorting after too many rounds.
    /// </summary>
    private static double Select(Span<double> values, int rank)
    {
        const int Short = 24;
        int first = 0;
        int last = values.Length - 1;
        for (int rounds = 4 * (32 - int.LeadingZeroCount(values.Length)); last - first >= Short && rounds > 0; rounds--)
        {
            double pivot = MedianOf(values[first], values[first + ((last - first) / 2)], values[last]);
            int low = first;
            int high = last;
            while (low <= high)
            {
                while (values[low] < pivot)
                {
                    low++;
                }

                while (values[high] > pivot)
                {
                    high--;
                }

                if (low <= high)
                {
                    (values[low], values[high]) = (values[high], values[low]);
                    low++;
                    high--;
                }
            }

            if (rank <= high)
            {
                last = high;
            }
            else if (rank >= low)
            {
                first = low;
            }
            else
            {
                return values[rank];
            }
        }

        values[first..(last + 1)].Sort();
        return values[rank];
    }

    private static double MedianOf(double one, double two, double three) => Math.Max(Math.Min(one, two), Math.Min(Math.Max(one, two), three));
}
