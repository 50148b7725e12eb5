namespace PerfPortal.Domain.Statistics;

/// <summary>What was counted in one step of time.</summary>
/// <param name="Count">The number of operations, or the measured seconds; not negative.</param>
/// <param name="Beyond">How many of them were beyond a limit.</param>
public readonly record struct OnsetStep(double Count, double Beyond);

/// <summary>
/// Finds when a share began to exceed a limit: the estimate of the change point from a cumulative sum (Page, "Continuous inspection schemes", 1954; Hinkley, "Inference about
/// the change-point from cumulative sum tests", 1971). The excess over the limit, Σ (beyond − limit × count), is largest when it is summed from the onset; further steps beyond the
/// limit leave the onset where it is, and steps within it move the onset only when they outweigh everything since.
/// </summary>
public static class Onset
{
    /// <summary>Returns the index of the first step from which the excess is largest and in which anything was beyond; <see langword="null"/> when nothing was.</summary>
    /// <param name="steps">The steps, oldest first.</param>
    /// <param name="limit">The share from which the condition holds, 0–1.</param>
    /// <param name="window">
    /// The number of steps over which the condition is judged. An earlier time when it did not hold ends the search, however large an excess was before that; without a
    /// window every step counts.
    /// </param>
    public static int? Of(IReadOnlyList<OnsetStep> steps, double limit, int? window = null)
    {
        ArgumentNullException.ThrowIfNull(steps);
        int first = window is { } length ? FirstOfEpisode(steps, limit, length) : 0;
        double excess = 0;
        double largest = double.NegativeInfinity;
        int? onset = null;
        for (int i = steps.Count - 1; i >= first; i--)
        {
            excess += steps[i].Beyond - limit * steps[i].Count;
            if (steps[i].Beyond > 0 && excess > largest)
            {
                (largest, onset) = (excess, i);
            }
        }

        return onset;
    }

    /// <summary>The start of the window that ended when the condition last did not hold; the last window is taken to hold.</summary>
    private static int FirstOfEpisode(IReadOnlyList<OnsetStep> steps, double limit, int window)
    {
        double count = 0;
        double beyond = 0;
        for (int first = steps.Count - 1; first >= 0; first--)
        {
            count += steps[first].Count;
            beyond += steps[first].Beyond;
            int after = first + window;
            if (after < steps.Count)
            {
                count -= steps[after].Count;
                beyond -= steps[after].Beyond;
                if (!(beyond > limit * count + 1e-9))
                {
                    return first;
                }
            }
        }

        return 0;
    }
}
