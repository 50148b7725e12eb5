using PerfPortal.Domain.Analysis.Series;
using PerfPortal.Domain.Statistics;
using PerfPortal.Domain.Statistics.ChangePoints;

namespace PerfPortal.Domain.Analysis.Regressions;

/// <summary>One measure of a series, on the scale on which levels are compared: the logarithm of a duration without what the time of day adds, or the share of failures.</summary>
internal abstract class MeasuredSteps
{
    private const double Suspicious = 3;

    private readonly OperationSeries _series;

    protected MeasuredSteps(OperationSeries series, int end)
    {
        _series = series;
        Steps = [.. Enumerable.Range(0, end).Where(i => series.Points[i].Finished > 0)];
    }

    /// <summary>The indices of the steps that have operations.</summary>
    public IReadOnlyList<int> Steps { get; }

    /// <summary>The start of a step.</summary>
    public DateTimeOffset TimeOf(int index) => _series.TimeOf(index);

    /// <summary>The length of a step.</summary>
    public TimeSpan Step => _series.Step;

    /// <summary>The number of operations in the steps with these positions.</summary>
    public long Count(int from, int to)
    {
        long sum = 0;
        for (int i = from; i < to; i++)
        {
            sum += _series.Points[Steps[i]].Finished;
        }

        return sum;
    }

    /// <summary>The level over the steps with these positions.</summary>
    public abstract double Figure(int from, int to);

    /// <summary>The standard deviation of a step around its level.</summary>
    public abstract double Noise { get; }

    /// <summary>Whether a level is so much above another that people would care.</summary>
    public abstract bool IsWorse(double before, double after);

    /// <summary>The worse levels.</summary>
    /// <param name="confidence">The minimum confidence, 0–1.</param>
    /// <param name="from">The time from which on they may begin.</param>
    public List<WorseLevel> Find(double confidence, DateTimeOffset from) =>
        LevelWalk.Find(Steps, Changes(), Figure, IsWorse, confidence, (int)(TimeSpan.TicksPerDay / Step.Ticks), (int)Math.Clamp((from - TimeOf(0)) / Step, 0, int.MaxValue));

    /// <summary>Whether the latest steps can be worse than those before: a cheap look that spares most series the search.</summary>
    /// <param name="isUsual">Whether a level (base, level, first time) is known from before, so that it does not count.</param>
    public bool MayBeWorse(Func<double, double, DateTimeOffset, bool>? isUsual = null)
    {
        int n = Steps.Count;
        double usual = Figure(0, n);
        double noise = Noise;
        foreach (int latest in (ReadOnlySpan<int>)[5, 8, 12, 24, 48, 96, 168])
        {
            if (latest > n - 10)
            {
                break;
            }

            double now = Figure(n - latest, n);
            if (!(now - usual >= Suspicious * noise / Math.Sqrt(latest)))
            {
                continue;
            }

            double before = latest > n / 4 ? Figure(0, n - latest) : usual;
            if (IsWorse(before, now) && isUsual?.Invoke(before, now, TimeOf(Steps[n - latest])) != true)
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>The position of the first step at or after a time.</summary>
    public int PositionOf(DateTimeOffset time)
    {
        int low = 0;
        int high = Steps.Count;
        while (low < high)
        {
            int middle = (low + high) / 2;
            (low, high) = TimeOf(Steps[middle]) < time ? (middle + 1, high) : (low, middle);
        }

        return low;
    }

    /// <summary>The changes of level.</summary>
    protected abstract IReadOnlyList<ChangePoint> Changes();

    /// <summary>The steps of the series.</summary>
    protected OperationPoint Point(int position) => _series.Points[Steps[position]];
}

/// <summary>The median or mean duration.</summary>
internal sealed class DurationSteps : MeasuredSteps
{
    private static readonly ChangePointOptions Options = new() { MinimumRelativeSize = 0, MinimumSize = Math.Log(1.05) };

    private readonly double[] _values;
    private readonly double _least;

    /// <param name="series">The series.</param>
    /// <param name="end">The number of complete steps.</param>
    /// <param name="isMean">Whether the mean is meant rather than the median.</param>
    /// <param name="profile">What the time of day adds.</param>
    public DurationSteps(OperationSeries series, int end, bool isMean, DailyProfile profile)
        : base(series, end)
    {
        _least = isMean ? Math.Log(1.1) : Options.MinimumSize;
        _values = new double[Steps.Count];
        for (int i = 0; i < _values.Length; i++)
        {
            _values[i] = LogOf(series.Points[Steps[i]], isMean) - profile.At(series.TimeOf(Steps[i]) + (series.Step / 2));
        }

        Noise = LevelScan.SpreadOf(_values);
    }

    public override double Noise { get; }

    /// <summary>The logarithm of a duration in seconds; anything below a microsecond counts as one.</summary>
    public static double LogOf(OperationPoint point, bool isMean) => Math.Log(Math.Max(1e-6, isMean ? point.Mean : point.P50));

    public override double Figure(int from, int to) => Robust.Median(_values.AsSpan(from, to - from)) ?? double.NaN;

    public override bool IsWorse(double before, double after) => after - before >= _least && Math.Exp(after) - Math.Exp(before) >= 0.001;

    protected override IReadOnlyList<ChangePoint> Changes()
    {
        var changes = ChangePointFinder.Find(_values, Options);
        return [.. changes.Select(change => change with { Index = Steps[change.Index], Low = Steps[change.Low], High = Steps[change.High] })];
    }
}

/// <summary>The share of failed operations.</summary>
internal sealed class FailureSteps(OperationSeries series, int end) : MeasuredSteps(series, end)
{
    private static readonly ChangePointOptions Options = new() { MinimumRelativeSize = 0, MinimumSize = 0.02 };

    public override double Figure(int from, int to)
    {
        long finished = 0;
        long failed = 0;
        for (int i = from; i < to; i++)
        {
            finished += Point(i).Finished;
            failed += Point(i).Failed;
        }

        return finished == 0 ? double.NaN : (double)failed / finished;
    }

    public override double Noise => Steps.Count == 0 || Figure(0, Steps.Count) is not (> 0 and < 1 and var share)
        ? 0
        : Math.Sqrt(share * (1 - share) * Steps.Count / Count(0, Steps.Count));

    // A share of 0.4 % that becomes 2.4 % is worse, one of 30 % that becomes 32 % is not.
    public override bool IsWorse(double before, double after) => after - before >= Math.Max(Options.MinimumSize, 0.25 * before);

    protected override IReadOnlyList<ChangePoint> Changes()
    {
        int[] trials = new int[Steps.Count];
        int[] hits = new int[Steps.Count];
        for (int i = 0; i < trials.Length; i++)
        {
            (trials[i], hits[i]) = (Point(i).Finished, Point(i).Failed);
        }

        var changes = ShareChangeFinder.Find(trials, hits, Options);
        return [.. changes.Select(change => change with { Index = Steps[change.Index], Low = Steps[change.Low], High = Steps[change.High] })];
    }
}
