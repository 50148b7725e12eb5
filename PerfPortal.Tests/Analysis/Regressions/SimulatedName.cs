using PerfPortal.Domain.Analysis.Regressions;
using PerfPortal.Domain.Analysis.Series;
using PerfPortal.Domain.Operations;
using PerfPortal.Tests.Statistics.ChangePoints;

namespace PerfPortal.Tests.Analysis.Regressions;

/// <summary>Operations of one name, simulated in steps of five minutes and watched as the detector does.</summary>
internal sealed class SimulatedName(int seed, Func<DateTimeOffset, double> median, Func<DateTimeOffset, double>? failing = null, Func<DateTimeOffset, int>? count = null)
{
    public static readonly DateTimeOffset Start = new(2026, 3, 2, 0, 0, 0, TimeSpan.Zero);
    private const double Sigma = 0.3;

    private readonly Random _random = new(seed);
    private readonly List<OperationPoint> _steps = [];
    private readonly List<OperationPoint> _hours = [];
    private readonly List<(double Duration, bool IsFailed)> _hour = [];

    public SeriesWatch Watch { get; } = new(0);

    public DateTimeOffset Now { get; private set; } = Start;

    /// <summary>Simulates and watches up to a time after the start; returns whether a regression lasts then.</summary>
    public bool RunTo(TimeSpan after, Action<SimulatedName>? each = null)
    {
        while (Now < Start + after)
        {
            var now = Enumerable.Range(0, count?.Invoke(Now) ?? 10)
                .Select(_ => (median(Now) * Math.Exp(Sigma * Noise.Normal(_random)), _random.NextDouble() < (failing?.Invoke(Now) ?? 0.01))).ToList();
            _steps.Add(Point(now));
            _hour.AddRange(now);
            Now += TimeSpan.FromMinutes(5);
            if (Now.Minute == 0)
            {
                _hours.Add(Point(_hour));
                _hour.Clear();
                Watch.LookAtHours(Latest(_hours, 336, TimeSpan.FromHours(1)), Now);
            }

            Watch.LookAtSteps(Latest(_steps, 576, TimeSpan.FromMinutes(5)), Now);
            each?.Invoke(this);
        }

        return Watch.IsOpen;
    }

    private static OperationSeries Latest(List<OperationPoint> points, int most, TimeSpan step)
    {
        int first = Math.Max(0, points.Count - most);
        return new(MetricType.ModelOperation, "llama", Start + (first * step), step, points.GetRange(first, points.Count - first));
    }

    private static OperationPoint Point(List<(double Duration, bool IsFailed)> operations)
    {
        if (operations.Count == 0)
        {
            return OperationPoint.None;
        }

        double[] sorted = [.. operations.Select(operation => operation.Duration).Order()];
        return new(sorted.Length, operations.Count(operation => operation.IsFailed), sorted.Average(), sorted[(sorted.Length - 1) / 2], sorted[(int)(0.95 * (sorted.Length - 1))]);
    }
}
