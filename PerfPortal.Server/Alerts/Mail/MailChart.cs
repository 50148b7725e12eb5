using System.Globalization;
using System.Text;
using PerfPortal.Domain.Alerts;
using PerfPortal.Domain.Alerts.Delivery;

namespace PerfPortal.Server.Alerts.Mail;

/// <summary>
/// Draws the values of an alert over the hour before it fired: as a line of block characters, which every mail client shows, and as SVG, which some show and all can open.
/// </summary>
internal static class MailChart
{
    private const string Blocks = "▁▂▃▄▅▆▇█";

    // As wide as a phone.
    private const int MaxLine = 32;
    private const double Width = 480;
    private const double Height = 120;

    /// <summary>The values as block characters, oldest first, with a space for a gap; at most 32; <see langword="null"/> when there are fewer than two.</summary>
    public static string? Line(AlertNotice alert)
    {
        if (RangeOf(alert) is not var (low, high))
        {
            return null;
        }

        var points = alert.Explanation!.Points;
        int width = (points.Count + MaxLine - 1) / MaxLine;
        return string.Concat(points.Chunk(width).Select(part => part.Average(point => point.Value is { } value && double.IsFinite(value) ? value : null) is { } mean
            ? Blocks[Math.Clamp((int)((mean - low) / (high - low) * Blocks.Length), 0, Blocks.Length - 1)]
            : ' '));
    }

    /// <summary>The values as an SVG image with the threshold; <see langword="null"/> when there are fewer than two.</summary>
    public static string? Svg(AlertNotice alert)
    {
        if (RangeOf(alert) is not var (low, high))
        {
            return null;
        }

        var points = alert.Explanation!.Points;
        low = Math.Min(low, alert.ThresholdValue);
        high = Math.Max(high, alert.ThresholdValue);
        var paths = new StringBuilder();
        bool isLine = false;
        for (int i = 0; i < points.Count; i++)
        {
            if (points[i].Value is not { } value || !double.IsFinite(value))
            {
                isLine = false;
                continue;
            }

            paths.Append(CultureInfo.InvariantCulture, $"{(isLine ? "L" : "M")}{X(i, points):0.#} {Y(value):0.#} ");
            isLine = true;
        }

        string threshold = Y(alert.ThresholdValue).ToString("0.#", CultureInfo.InvariantCulture);
        return string.Create(CultureInfo.InvariantCulture, $"""
            <svg xmlns="http://www.w3.org/2000/svg" width="{Width}" height="{Height + 20}" viewBox="0 0 {Width} {Height + 20}" role="img">
            <title>{Escape(alert.RuleName)}: the last hour, from {points[0].At.UtcDateTime:HH:mm} to {points[^1].At.UtcDateTime:HH:mm} UTC</title>
            <rect width="{Width}" height="{Height + 20}" fill="#ffffff"/>
            <line x1="0" x2="{Width}" y1="{threshold}" y2="{threshold}" stroke="#c62828" stroke-dasharray="4 3"/>
            <path d="{paths.ToString().TrimEnd()}" fill="none" stroke="#1565c0" stroke-width="2" stroke-linejoin="round" stroke-linecap="round"/>
            <text x="2" y="{Height + 15}" font-family="sans-serif" font-size="11" fill="#424242">{points[0].At.UtcDateTime:HH:mm} UTC</text>
            <text x="{Width - 2}" y="{Height + 15}" font-family="sans-serif" font-size="11" fill="#424242" text-anchor="end">{points[^1].At.UtcDateTime:HH:mm} UTC</text>
            </svg>
            """);

        double Y(double value) => 4 + ((high - value) / (high - low) * (Height - 8));
    }

    private static double X(int index, IReadOnlyList<AlertPoint> points) => 4 + (index * (Width - 8) / Math.Max(1, points.Count - 1));

    private static (double Low, double High)? RangeOf(AlertNotice alert)
    {
        double[] values = [.. (alert.Explanation?.Points ?? []).Select(point => point.Value).OfType<double>().Where(double.IsFinite)];
        return values.Length < 2 ? null : values.Min() is var low && values.Max() is var high && high > low ? (low, high) : (low - 1, low + 1);
    }

    private static string Escape(string text) => System.Net.WebUtility.HtmlEncode(text);
}
