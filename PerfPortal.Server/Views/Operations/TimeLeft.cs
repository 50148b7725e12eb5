using PerfPortal.Domain.Text;

namespace PerfPortal.Server.Views.Operations;

/// <summary>Times that tick once a second, in whole seconds: tenths would only flicker.</summary>
internal static class TimeLeft
{
    /// <summary><c>40 s</c>, <c>2 m 05 s</c>; below zero counts as zero.</summary>
    public static string Whole(double seconds)
    {
        double whole = Math.Max(0, Math.Floor(seconds));
        return whole < 60 ? $"{Format.Number(whole)} s" : Format.Seconds(whole);
    }

    /// <summary><c>1 m 37 s / 2 m 10 s</c>, counted down from when it was estimated; an estimate that has passed says <c>any moment</c>.</summary>
    /// <param name="row">The operation.</param>
    /// <param name="passed">Seconds since the estimate.</param>
    public static string Of(ActiveRow row, double passed)
    {
        if (row.Eta is not { } eta)
        {
            return Format.None;
        }

        return eta.P90 <= passed ? "any moment" : $"{Whole(eta.P50 - passed)} / {Whole(eta.P90 - passed)}";
    }
}
