using PerfPortal.Domain.Statistics;

namespace PerfPortal.Domain.Analysis.Regressions;

/// <summary>
/// What the time of day adds to the logarithm of a duration: the median, over days, of the difference from the median of the 24 hours around. It is used only when it explains
/// a part of the variation; a change of level hardly touches it.
/// </summary>
internal sealed class DailyProfile
{
    private const int Hours = 24;
    private const int MinimumDays = 3;
    private const double UsefulShare = 0.9;

    private readonly double[]? _ofHour;

    private DailyProfile(double[]? ofHour) => _ofHour = ofHour;

    /// <summary>No profile: too few days, or the time of day does not matter.</summary>
    public static DailyProfile None { get; } = new(null);

    /// <summary>Whether the time of day matters.</summary>
    public bool IsUsed => _ofHour is not null;

    /// <summary>Learns from hourly values.</summary>
    /// <param name="values">The logarithms, oldest first; <see cref="double.NaN"/> for hours without operations.</param>
    /// <param name="firstHour">The hour of the day of the first value, 0–23, UTC.</param>
    public static DailyProfile Of(ReadOnlySpan<double> values, int firstHour)
    {
        if (values.Length < MinimumDays * Hours)
        {
            return None;
        }

        double[] rest = new double[values.Length];
        var window = new List<double>(Hours + 1);
        for (int i = 0; i < values.Length; i++)
        {
            window.Clear();
            int from = Math.Clamp(i - (Hours / 2), 0, values.Length - Hours);
            foreach (double value in values.Slice(from, Hours))
            {
                if (double.IsFinite(value))
                {
                    window.Add(value);
                }
            }

            rest[i] = double.IsFinite(values[i]) && window.Count >= Hours / 4 ? values[i] - Robust.Median(System.Runtime.InteropServices.CollectionsMarshal.AsSpan(window))!.Value : double.NaN;
        }

        double[] profile = new double[Hours];
        for (int hour = 0; hour < Hours; hour++)
        {
            int first = (hour - firstHour + Hours) % Hours;
            double[] own = [.. Enumerable.Range(0, (rest.Length - first + Hours - 1) / Hours).Select(day => rest[first + (day * Hours)]).Where(double.IsFinite)];
            profile[hour] = own.Length >= MinimumDays ? Robust.Median(own)!.Value : 0;
        }

        double[] before = [.. rest.Where(double.IsFinite).Select(Math.Abs)];
        double[] after = [.. rest.Select((value, i) => Math.Abs(value - profile[(firstHour + i) % Hours])).Where(double.IsFinite)];
        return before.Length >= MinimumDays * Hours / 2 && after.Sum() < UsefulShare * before.Sum() ? new(profile) : None;
    }

    /// <summary>What the time of day adds, interpolated between the middles of hours.</summary>
    public double At(DateTimeOffset time)
    {
        if (_ofHour is null)
        {
            return 0;
        }

        double position = time.UtcDateTime.TimeOfDay.TotalHours - 0.5 + Hours;
        int hour = (int)position;
        double share = position - hour;
        return (_ofHour[hour % Hours] * (1 - share)) + (_ofHour[(hour + 1) % Hours] * share);
    }
}
