using PerfPortal.Domain.Analysis.Series;

namespace PerfPortal.Domain.Analysis.Regressions;

/// <summary>What is known of the operations of one name: its daily profile and the regressions of its measures. Not thread-safe.</summary>
/// <param name="turn">A number that spreads the looks at names over minutes.</param>
internal sealed class SeriesWatch(int turn)
{
    /// <summary>The minimum number of operations of a name.</summary>
    public const int MinimumOperations = 30;

    // The last hours still fill up.
    private const int Unsettled = 2;

    // Before a whole day was seen, a rise may be what happens at this time of each day.
    private static readonly TimeSpan Day = TimeSpan.FromDays(1);

    private DailyProfile _profile = DailyProfile.None;
    private DateTimeOffset _from = DateTimeOffset.MaxValue;
    private OperationSeries? _hours;

    /// <summary>A number that spreads the looks at names over minutes.</summary>
    public int Turn => turn;

    /// <summary>The regression of the median duration.</summary>
    public RegressionWatch Median { get; } = new();

    /// <summary>The regression of the mean duration, which is looked at while the median has none.</summary>
    public RegressionWatch Mean { get; } = new();

    /// <summary>The regression of the share of failures.</summary>
    public RegressionWatch Failures { get; } = new();

    /// <summary>The gradual rise of the median duration, which is looked at while no duration has a regression.</summary>
    public DegradationWatch Gradual { get; } = new();

    /// <summary>Operations per hour over the last days.</summary>
    public double PerHour { get; private set; }

    /// <summary>Whether a regression lasts.</summary>
    public bool IsOpen => Median.IsOpen || Mean.IsOpen || Failures.IsOpen;

    /// <summary>The regressions that last, and those that ended at or after a time. That of the median stands for that of the mean.</summary>
    public IEnumerable<(RegressedMeasure Measure, Regression Regression)> Regressions(DateTimeOffset since)
    {
        if (Told(Median, since) is { } median)
        {
            yield return (RegressedMeasure.Median, median);
        }
        else if (Told(Mean, since) is { } mean)
        {
            yield return (RegressedMeasure.Mean, mean);
        }

        if (Told(Failures, since) is { } failures)
        {
            yield return (RegressedMeasure.Failures, failures);
        }
    }

    /// <summary>Whether a tenth more or fewer operations are known of the hours that were looked at: old ones were reported since.</summary>
    public bool IsOutdated(OperationSeries hours)
    {
        if (_hours is not { } looked)
        {
            return true;
        }

        int shift = (int)((hours.Start - looked.Start) / hours.Step);
        long before = 0;
        long now = 0;
        for (int i = Math.Max(0, -shift); i < hours.Points.Count && i + shift < looked.Points.Count - Unsettled; i++)
        {
            before += looked.Points[i + shift].Finished;
            now += hours.Points[i].Finished;
        }

        return Math.Abs(now - before) > Math.Max(before / 10, MinimumOperations);
    }

    /// <summary>Looks at the hours of the last days.</summary>
    public void LookAtHours(OperationSeries hours, DateTimeOffset now)
    {
        _hours = hours;
        int end = Complete(hours, now);
        double[] values = [.. hours.Points.Take(end).Select(point => point.Finished > 0 ? DurationSteps.LogOf(point, isMean: false) : double.NaN)];
        _profile = DailyProfile.Of(values, hours.Start.UtcDateTime.Hour);
        int first = Array.FindIndex(values, double.IsFinite);
        _from = first < 0 ? DateTimeOffset.MaxValue : hours.TimeOf(first) + Day;
        Look(hours, end, isFine: false, now);
        PerHour = hours.Points.Take(end).Sum(point => (double)point.Finished) / Math.Max(1, end);
        Gradual.Look(new DurationSteps(hours, end, isMean: false, _profile));
    }

    /// <summary>Looks at the short steps of the last day.</summary>
    public void LookAtSteps(OperationSeries steps, DateTimeOffset now) => Look(steps, Complete(steps, now), isFine: true, now);

    private static Regression? Told(RegressionWatch watch, DateTimeOffset since) => watch.Current is { } current && (current.Until is null || current.Until >= since) ? current : null;

    private static int Complete(OperationSeries series, DateTimeOffset now) => (int)Math.Clamp((now - series.Start).Ticks / series.Step.Ticks, 0, series.Points.Count);

    private void Look(OperationSeries series, int end, bool isFine, DateTimeOffset now)
    {
        if (series.Points.Take(end).Sum(point => (long)point.Finished) < MinimumOperations)
        {
            return;
        }

        Median.Look(new DurationSteps(series, end, isMean: false, _profile), isFine, _from, now);
        if (!Median.IsOpen)
        {
            Mean.Look(new DurationSteps(series, end, isMean: true, _profile), isFine, _from, now);
        }

        Failures.Look(new FailureSteps(series, end), isFine, _from, now);
    }
}
