namespace PerfPortal.Server.Components.Charts;

/// <summary>What goes to the browser at every update: arrays of numbers and nothing else.</summary>
internal sealed record ChartPayload(long From, long To, long[] Times, double?[][] Values, double?[]?[] Low, double?[]?[] High)
{
    /// <summary>Brings the data into arrays; a series shorter than the times is filled up with gaps, numbers keep six digits.</summary>
    public static ChartPayload Of(ChartData data)
    {
        int count = data.Times.Count;
        return new ChartPayload(
            data.From.ToUnixTimeMilliseconds(),
            data.To.ToUnixTimeMilliseconds(),
            [.. data.Times.Select(t => t.ToUnixTimeMilliseconds())],
            [.. data.Series.Select(s => Compact(s.Values, count))],
            [.. data.Series.Select(s => HasBand(s) ? Compact(s.Low!, count) : null)],
            [.. data.Series.Select(s => HasBand(s) ? Compact(s.High!, count) : null)]);
    }

    /// <summary>Whether a series has both edges of a band.</summary>
    public static bool HasBand(ChartSeries series) => series.Low is not null && series.High is not null;

    private static double?[] Compact(IReadOnlyList<double?> values, int count)
    {
        var compact = new double?[count];
        for (int i = 0; i < Math.Min(count, values.Count); i++)
        {
            if (values[i] is { } v && double.IsFinite(v))
                compact[i] = Digits(v);
        }

        return compact;
    }

    private static double Digits(double value)
    {
        if (value == 0)
            return 0;
        int decimals = 5 - (int)Math.Floor(Math.Log10(Math.Abs(value)));
        return decimals is >= 0 and <= 15 ? Math.Round(value, decimals) : value;
    }
}

/// <summary>What the browser builds a chart from; it is sent again only when it changes.</summary>
internal sealed record ChartShape(
    string? Unit, double? Min, double? Max, bool Utc, string? Group, bool CanZoom, IReadOnlyList<ChartShapeSeries> Series, IReadOnlyList<ChartShapeThreshold> Thresholds)
{
    /// <summary>Whether another shape draws the same chart.</summary>
    public bool Same(ChartShape? other) =>
        other is not null && this with { Series = [], Thresholds = [] } == other with { Series = [], Thresholds = [] }
        && Series.SequenceEqual(other.Series) && Thresholds.SequenceEqual(other.Thresholds);
}

/// <summary>A series without its points.</summary>
internal sealed record ChartShapeSeries(string Name, string Kind, bool Band, string? Colour, bool Dash, string? Stack);

/// <summary>A threshold as the browser draws it.</summary>
internal sealed record ChartShapeThreshold(double Value, string Label, string State);
