namespace PerfPortal.Domain.Analysis.Anomalies;

/// <summary>What is usual at a time of day.</summary>
/// <param name="Low">The 10 % quantile.</param>
/// <param name="Middle">The median.</param>
/// <param name="High">The 90 % quantile.</param>
internal readonly record struct UsualRange(double Low, double Middle, double High)
{
    private const int Around = 3;
    private const int FewestDays = 2;

    /// <summary>Returns what was measured within a quarter of an hour of this time on past days; of all times where there are not two such days; <see langword="null"/> without values.</summary>
    /// <param name="past">The past values, newest first.</param>
    /// <param name="isUnusual">Whether a past value, by its age, does not count.</param>
    /// <param name="perDay">The number of steps of a day.</param>
    public static UsualRange? At(ReadOnlySpan<float> past, AgedFlags isUnusual, int perDay)
    {
        Span<float> values = stackalloc float[(past.Length / perDay * ((2 * Around) + 1)) + ((2 * Around) + 1)];
        int count = 0;
        int days = 0;
        for (int day = perDay - 1; day < past.Length; day += perDay)
        {
            int before = count;
            for (int age = day - Around; age <= Math.Min(day + Around, past.Length - 1); age++)
            {
                if (!isUnusual[age])
                {
                    values[count++] = past[age];
                }
            }

            days += count > before ? 1 : 0;
        }

        return days >= FewestDays ? Of(values[..count]) : null;
    }

    /// <summary>The quantiles of at least one value; sorts them.</summary>
    public static UsualRange Of(Span<float> values)
    {
        values.Sort();
        return new(values[(int)(values.Length * 0.1)], values[values.Length / 2], values[(int)(values.Length * 0.9)]);
    }
}
