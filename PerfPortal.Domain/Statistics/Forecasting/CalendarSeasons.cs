namespace PerfPortal.Domain.Statistics.Forecasting;

/// <summary>The seasons that the calendar suggests for steps of a length: a day, a week, and a year of 52 weeks.</summary>
public static class CalendarSeasons
{
    // A season of steps that do not fit exactly moves by this share of itself each time.
    private const double Tolerance = 0.001;
    private static readonly TimeSpan[] Seasons = [TimeSpan.FromDays(1), TimeSpan.FromDays(7), TimeSpan.FromDays(364)];

    /// <summary>Returns the lengths of the seasons in steps, ascending, each at least 2.</summary>
    /// <param name="step">The length of a step, positive.</param>
    public static int[] Of(TimeSpan step)
    {
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(step, TimeSpan.Zero);
        return [.. Seasons.Select(season => season / step).Where(IsWhole).Select(steps => (int)Math.Round(steps))];
    }

    private static bool IsWhole(double steps) =>
        steps is >= 2 - Tolerance and <= int.MaxValue && Math.Abs(steps - Math.Round(steps)) <= Tolerance * steps;
}
