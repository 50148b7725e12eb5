namespace PerfPortal.Domain.Statistics.Forecasting;

/// <summary>Puts values that were measured at any time into equal steps.</summary>
public static class EvenSteps
{
    /// <summary>Returns the newest steps, oldest first: in each the last value that is nearest to it, <see cref="double.NaN"/> where there is none. The last step is that of the last value.</summary>
    /// <param name="values">The values, oldest first.</param>
    /// <param name="times">The time of each value, ascending; <see langword="null"/> when they are equally spaced.</param>
    /// <param name="step">The length of a step, positive.</param>
    /// <param name="most">The maximum number of steps.</param>
    /// <exception cref="ArgumentException">There is no value, or not as many times as values.</exception>
    public static double[] Newest(ReadOnlySpan<double> values, IReadOnlyList<DateTimeOffset>? times, TimeSpan step, int most)
    {
        ArgumentOutOfRangeException.ThrowIfZero(values.Length, nameof(values));
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(step, TimeSpan.Zero);
        ArgumentOutOfRangeException.ThrowIfLessThan(most, 1);
        if (times is null)
        {
            return values[Math.Max(0, values.Length - most)..].ToArray();
        }

        ArgumentOutOfRangeException.ThrowIfNotEqual(times.Count, values.Length, nameof(times));
        int first = values.Length - 1;
        while (first > 0 && Age(times[first - 1]) < most)
        {
            first--;
        }

        double[] steps = new double[(int)Age(times[first]) + 1];
        Array.Fill(steps, double.NaN);
        for (int i = first; i < values.Length; i++)
        {
            if (double.IsFinite(values[i]))
            {
                steps[steps.Length - 1 - (int)Age(times[i])] = values[i];
            }
        }

        return steps;

        long Age(DateTimeOffset time) => (long)Math.Round((times[^1] - time) / step);
    }
}
