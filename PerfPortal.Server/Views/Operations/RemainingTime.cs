using PerfPortal.Domain.Operations;
using PerfPortal.Domain.Text;
using PerfPortal.Domain.Tracking.Remaining;

namespace PerfPortal.Server.Views.Operations;

/// <summary>Formats remaining times that are updated every second, in whole seconds, because tenths would flicker.</summary>
internal static class RemainingTime
{
    /// <summary><c>40 s</c>, <c>2 m 05 s</c>; negative values count as zero.</summary>
    public static string Whole(double seconds)
    {
        double whole = Math.Max(0, Math.Floor(seconds));
        return whole < 60 ? $"{Format.Number(whole)} s" : Format.Seconds(whole);
    }

    /// <summary><c>stalled for 50 s</c>; <see langword="null"/> while the operation makes progress.</summary>
    /// <param name="row">The operation.</param>
    /// <param name="passed">Seconds since the row was read.</param>
    public static string? Stalled(ActiveRow row, double passed) => row.StalledSeconds is { } stalled ? Stalled(stalled + passed) : null;

    /// <inheritdoc cref="Stalled(ActiveRow, double)"/>
    public static string Stalled(double seconds) => $"stalled for {Whole(seconds)}";

    /// <summary><c>P90 held for 91 % of the last 200 downloads</c>; <see langword="null"/> when that is unknown.</summary>
    public static string? Held(EtaCoverage? held) => held is null
        ? null
        : $"P90 held for {Format.Percent(Math.Round(100 * held.Share))} of the last {OperationNouns.Many(held.Count, held.MetricType)}";

    /// <summary><c>1 m 37 s / 2 m 10 s</c>, counted down from the time of the estimate; <c>any moment</c> once it has passed.</summary>
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
