using PerfPortal.Server.Views;

namespace PerfPortal.Server.Charts;

/// <summary>The update sent to the browser: which of its points to drop and keep, and the new points.</summary>
/// <param name="From">The left edge of the time axis, Unix milliseconds.</param>
/// <param name="To">The right edge of the time axis, Unix milliseconds.</param>
/// <param name="Drop">The number of oldest points to drop.</param>
/// <param name="Keep">The number of points to keep after the dropped ones. Later points are replaced by the new ones.</param>
/// <param name="Times">The times of the new points.</param>
/// <param name="Values">The values of the new points, one array per series.</param>
/// <param name="Low">The lower edges of the bands; null for a series without a band.</param>
/// <param name="High">The upper edges of the bands; null for a series without a band.</param>
internal sealed record ChartPayload(long From, long To, int Drop, int Keep, long[] Times, double?[][] Values, double?[]?[] Low, double?[]?[] High)
{
    /// <summary>Returns all points. A series shorter than the times is padded with gaps; values are rounded to six significant digits.</summary>
    public static ChartPayload Of(ChartData data) => Part(data, 0, 0);

    /// <summary>Returns the difference to previously sent data of the same shape.</summary>
    public static ChartPayload Since(ChartData sent, ChartData data)
    {
        int drop = 0;
        while (drop < sent.Times.Count && (data.Times.Count == 0 || sent.Times[drop] < data.Times[0]))
        {
            drop++;
        }

        int max = Math.Min(sent.Times.Count - drop, data.Times.Count);
        int keep = 0;
        while (keep < max && IsSame(sent, drop + keep, data, keep))
        {
            keep++;
        }

        return Part(data, drop, keep);
    }

    /// <summary>Whether all sent points are kept and none is added.</summary>
    public bool KeepsAll(ChartData sent) => Drop == 0 && Keep == sent.Times.Count && Times.Length == 0;

    /// <summary>Whether a series has both edges of a band.</summary>
    public static bool HasBand(ChartSeries series) => series.Low is not null && series.High is not null;

    private static ChartPayload Part(ChartData data, int drop, int keep) => new(
        data.From.ToUnixTimeMilliseconds(),
        data.To.ToUnixTimeMilliseconds(),
        drop,
        keep,
        [.. data.Times.Skip(keep).Select(t => t.ToUnixTimeMilliseconds())],
        [.. data.Series.Select(s => Compact(s.Values, keep, data.Times.Count))],
        [.. data.Series.Select(s => HasBand(s) ? Compact(s.Low!, keep, data.Times.Count) : null)],
        [.. data.Series.Select(s => HasBand(s) ? Compact(s.High!, keep, data.Times.Count) : null)]);

    private static bool IsSame(ChartData sent, int at, ChartData data, int i)
    {
        if (sent.Times[at] != data.Times[i])
        {
            return false;
        }

        for (int series = 0; series < data.Series.Count; series++)
        {
            var (before, now) = (sent.Series[series], data.Series[series]);
            if (Point(before.Values, at) != Point(now.Values, i) || (HasBand(now) && (Point(before.Low!, at) != Point(now.Low!, i) || Point(before.High!, at) != Point(now.High!, i))))
            {
                return false;
            }
        }

        return true;
    }

    private static double?[] Compact(IReadOnlyList<double?> values, int from, int count)
    {
        double?[] compact = new double?[count - from];
        for (int i = 0; i < compact.Length; i++)
        {
            compact[i] = Point(values, from + i);
        }

        return compact;
    }

    private static double? Point(IReadOnlyList<double?> values, int i) => i < values.Count && values[i] is { } v && double.IsFinite(v) ? Digits(v) : null;

    private static double Digits(double value)
    {
        if (value == 0)
        {
            return 0;
        }

        int decimals = 5 - (int)Math.Floor(Math.Log10(Math.Abs(value)));
        return decimals is >= 0 and <= 15 ? Math.Round(value, decimals) : value;
    }
}

/// <summary>The configuration of a chart in the browser, sent only when it changes.</summary>
internal sealed record ChartShape(
    string? Unit, double? Min, double? Max, bool Utc, string? Group, bool CanZoom, bool CanOpen, IReadOnlyList<ChartShapeSeries> Series, IReadOnlyList<ChartShapeThreshold> Thresholds,
    IReadOnlyList<ChartShapeMark> Marks)
{
    /// <summary>Whether both shapes draw the same chart.</summary>
    public bool Same(ChartShape? other) =>
        other is not null && this with { Series = [], Thresholds = [], Marks = [] } == other with { Series = [], Thresholds = [], Marks = [] }
        && Series.SequenceEqual(other.Series) && Thresholds.SequenceEqual(other.Thresholds) && Marks.SequenceEqual(other.Marks);
}

/// <summary>A series without its points.</summary>
internal sealed record ChartShapeSeries(string Name, string Kind, bool Band, string? Colour, bool Dash, string? Stack, bool Hidden);

/// <summary>A threshold as the browser draws it.</summary>
internal sealed record ChartShapeThreshold(double Value, string Label, string State);

/// <summary>A marked point or period as the browser draws it, in Unix milliseconds.</summary>
internal sealed record ChartShapeMark(long From, long? To, string Label, string State);
