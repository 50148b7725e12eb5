using System.Globalization;
using PerfPortal.Domain.Statistics.Anomalies;
using PerfPortal.Domain.Statistics.ChangePoints;
using PerfPortal.Domain.Statistics.Forecasting;
using PerfPortal.Server.Intake;
using PerfPortal.Server.Wire;

namespace PerfPortal.Server.Api;

/// <summary>Applies the methods of the detectors to a series of a client.</summary>
internal static class SeriesExamination
{
    /// <summary>The number of newest values in which change points are sought; the search costs more than in proportion to the length.</summary>
    public const int ChangePointValues = 10_000;

    /// <summary>The number of newest steps that a forecast is based on: two weeks of five minutes.</summary>
    public const int ForecastSteps = 4_096;

    private const int DefaultHorizon = 48;
    private const int DefaultShare = 4;

    // As many of the paths must reach a level before it is said when.
    private const double ReachedShare = 1 / 3.0;
    private const double LowQuantile = 0.1;
    private const double HighQuantile = 0.9;

    /// <summary>Examines a series.</summary>
    public static DetectBody Of(SeriesReading series, CancellationToken cancellationToken)
    {
        var step = series.Step;
        var anomalies = UnusualStretch.Find(series.Values, step, cancellationToken);
        int from = Math.Max(0, series.Values.Length - ChangePointValues);
        cancellationToken.ThrowIfCancellationRequested();
        var changes = ChangePointFinder.Find(series.Values.AsSpan(from));
        cancellationToken.ThrowIfCancellationRequested();
        var forecast = Forecast(series, step, out string? reason);
        return new(
            series.Values.Length, step.TotalSeconds,
            [.. anomalies.Select(found => new DetectedAnomalyBody(series.Times?[found.First], series.Times?[found.Last], found.First, found.Last, found.Score))],
            UnusualStretch.WarmUp(series.Values.Length),
            [.. changes.Select(change => Change(series, change, from))],
            from, forecast, reason);
    }

    private static DetectedChangeBody Change(SeriesReading series, ChangePoint change, int from)
    {
        DateTimeOffset? At(int index) => series.Times?[from + index];
        return new(
            At(change.Index), At(change.Low), At(change.High), from + change.Index, from + change.Low, from + change.High,
            change.Before, change.After, change.Size, change.SizeLow, change.SizeHigh, change.Confidence);
    }

    private static SeriesForecastBody? Forecast(SeriesReading series, TimeSpan step, out string? reason)
    {
        double[] steps = EvenSteps.Newest(series.Values, series.Times, step, ForecastSteps);
        int last = Array.FindLastIndex(steps, double.IsFinite);
        int measured = steps.Count(double.IsFinite);
        int horizon = series.Horizon ?? Math.Clamp(measured / DefaultShare, 1, DefaultHorizon);
        int[] seasons = CalendarSeasons.Of(step);
        var forecast = measured < Forecaster.MinimumValues ? null : Forecaster.Forecast(steps, horizon, seasons);
        if (forecast is not { Paths.Count: > 0 })
        {
            reason = measured < Forecaster.MinimumValues
                ? string.Create(CultureInfo.InvariantCulture, $"A forecast needs at least {Forecaster.MinimumValues} values in the newest {ForecastSteps} steps; there are {measured}.")
                : string.Create(CultureInfo.InvariantCulture, $"{horizon} steps are too far ahead for {measured} values: how wrong a forecast is, is measured on their past.");
            return null;
        }

        reason = null;

        // Steps after the last one that was measured belong to the forecast.
        var end = series.Times is { } times ? times[^1] - ((steps.Length - 1 - last) * step) : (DateTimeOffset?)null;
        DateTimeOffset? At(int steps) => end is { } known && known.Ticks + (steps * (double)step.Ticks) < DateTimeOffset.MaxValue.Ticks ? known + (steps * step) : null;
        return new(
            horizon,
            [.. forecast.Values.Select((value, i) => new ForecastPointBody(At(i + 1), value, forecast.Quantile(i, LowQuantile), forecast.Quantile(i, HighQuantile)))],
            series.Limit is { } limit ? Reached(forecast, limit, isRising: limit >= steps[last], At) : null);
    }

    private static ForecastLimitBody Reached(SeriesForecast forecast, double limit, bool isRising, Func<int, DateTimeOffset?> at)
    {
        var passage = forecast.FirstPassage(limit, isRising);
        return passage is { Probability: >= ReachedShare }
            ? new(limit, passage.Probability, passage.Early, passage.Median, passage.Late, at(passage.Early), at(passage.Median), at(passage.Late))
            : new(limit, passage?.Probability ?? 0, null, null, null, null, null, null);
    }
}
