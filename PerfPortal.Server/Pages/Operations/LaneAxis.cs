using System.Globalization;
using System.Text;
using PerfPortal.Domain.Text;

namespace PerfPortal.Server.Pages.Operations;

/// <summary>The time axis of a timeline, in percent of its length.</summary>
/// <param name="From">The start.</param>
/// <param name="To">The end, after <paramref name="From"/>.</param>
internal sealed record LaneAxis(DateTimeOffset From, DateTimeOffset To)
{
    private const double MinWidth = 0.4;
    private const int Ticks = 4;

    private TimeSpan Length => To - From;

    /// <summary>The labels of the axis with their positions: the time since the start.</summary>
    public IEnumerable<(string Left, string Text)> Labels => Enumerable.Range(0, Ticks)
        .Select(tick => (Percent(100.0 * tick / Ticks), tick == 0 ? "0" : "+" + Format.Duration(Length * tick / Ticks)));

    /// <summary>The CSS variables that place a bar; parts outside the axis are cut off.</summary>
    public string Place(DateTimeOffset start, DateTimeOffset end)
    {
        double left = Math.Min(At(start), 100 - MinWidth);
        double width = Math.Max(MinWidth, At(end) - left);
        return $"--left:{Percent(left)};--width:{Percent(width)}";
    }

    /// <summary>The SVG path of a percentage over time in a box of 1000 × 100; a missing value leaves a gap.</summary>
    public string Line(IReadOnlyList<DateTimeOffset> times, IReadOnlyList<double?> values)
    {
        var path = new StringBuilder();
        bool pen = false;
        for (int i = 0; i < times.Count; i++)
        {
            if (values[i] is { } value && double.IsFinite(value))
            {
                path.Append(CultureInfo.InvariantCulture, $"{(pen ? 'L' : 'M')}{At(times[i]) * 10:0.#} {100 - Math.Clamp(value, 0, 100):0.#}");
                pen = true;
            }
            else
            {
                pen = false;
            }
        }

        return path.ToString();
    }

    private double At(DateTimeOffset moment) => Math.Clamp(100 * ((moment - From) / Length), 0, 100);

    private static string Percent(double value) => value.ToString("0.##", CultureInfo.InvariantCulture) + "%";
}
