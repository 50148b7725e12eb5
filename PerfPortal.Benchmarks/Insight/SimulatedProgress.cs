using PerfPortal.Domain.Tracking;

namespace PerfPortal.Benchmarks.Insight;

/// <summary>
/// Progress reports of an operation of which only the duration is known. The rate varies from report to report as a lognormal autoregressive process; the work is whatever that
/// comes to, so that the duration is the real one. Kinds: steady, bursty, one whose rate changes once, and one that resumes with a part already done.
/// </summary>
internal sealed class SimulatedProgress
{
    private readonly double[] _done;
    private readonly double _interval;

    /// <summary>Makes up the reports.</summary>
    /// <param name="seconds">The duration, above 0.</param>
    /// <param name="usualRate">The usual units per second of its name.</param>
    /// <param name="random">The source of chance.</param>
    public SimulatedProgress(double seconds, double usualRate, Random random)
    {
        _interval = Math.Max(1, seconds / 200);
        int reports = Math.Max(1, (int)(seconds / _interval));
        double kind = random.NextDouble();
        IsResumed = kind is >= 0.8 and < 0.95;
        double noise = kind < 0.4 ? 0.1 : 0.6;
        double keeps = kind < 0.4 ? 0 : 0.8;
        double changeAt = kind is >= 0.6 and < 0.8 ? random.NextDouble() * seconds : double.PositiveInfinity;
        double change = Math.Exp((random.NextDouble() - 0.5) * 2);
        double level = usualRate * Math.Exp(0.4 * Normal(random));
        double wave = 0;
        _done = new double[reports + 1];
        for (int i = 1; i <= reports; i++)
        {
            wave = (keeps * wave) + (noise * Math.Sqrt(1 - (keeps * keeps)) * Normal(random));
            double rate = level * Math.Exp(wave) * (i * _interval > changeAt ? change : 1);
            _done[i] = _done[i - 1] + (rate * _interval);
        }

        // The last report comes up to an interval before the end.
        Total = _done[^1] * seconds / (reports * _interval);
        if (IsResumed)
        {
            double before = Total * (0.05 + (0.65 * random.NextDouble())) / 0.3;
            Total += before;
            for (int i = 0; i < _done.Length; i++)
            {
                _done[i] += before;
            }
        }
    }

    /// <summary>Whether a part was done before it began.</summary>
    public bool IsResumed { get; }

    /// <summary>The total amount.</summary>
    public double Total { get; }

    /// <summary>What had been done by the latest report.</summary>
    public double DoneAt(double elapsed) => _done[Reports(elapsed)];

    /// <summary>The pace that the portal has measured by then.</summary>
    public ProgressPace PaceAt(double elapsed, DateTimeOffset start)
    {
        var rate = new ProgressRate();
        for (int i = 0; i <= Reports(elapsed); i++)
        {
            rate.Report(_done[i], start.AddSeconds(i * _interval), "bytes");
        }

        return rate.Pace;
    }

    private int Reports(double elapsed) => Math.Clamp((int)(elapsed / _interval), 0, _done.Length - 1);

    private static double Normal(Random random) => Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());
}
