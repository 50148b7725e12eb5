using PerfPortal.Domain.Statistics.Anomalies;

namespace PerfPortal.Domain.Analysis.Anomalies;

/// <summary>
/// Watches one series of five-minute steps for a lasting rise: several measured steps above what is usual at this time of day and above 99 % of all that was measured, that differ from it by
/// more than does not matter, and whose stretch, or distance from what is usual, was never seen before (<see cref="SeriesDetector"/>, <see cref="TailModel"/>). It is over after six
/// usual steps, and what lasts three days has become usual. It raises nothing before two days were measured. Not thread-safe.
/// </summary>
/// <param name="least">The least difference that matters, from what is usual.</param>
/// <param name="floor">A value below is never a problem.</param>
/// <param name="sustained">The number of measured steps above what is usual that make an episode.</param>
/// <param name="turn">A number that tells watches apart: those of different numbers do their periodic work at different steps.</param>
internal sealed class SeriesWatch(Func<double, double> least, double floor, int sustained, int turn)
{
    /// <summary>The length of a step.</summary>
    public static readonly TimeSpan Step = TimeSpan.FromMinutes(5);

    /// <summary>The number of steps of a day.</summary>
    public const int PerDay = 288;

    /// <summary>The number of measured steps before anything is said: two days.</summary>
    public const int WarmUp = 2 * PerDay;

    /// <summary>The least evidence of an episode: one past stretch in 1,000 was like it.</summary>
    public const double LeastEvidence = 3;

    private const int Newest = 3;
    private const int Over = 6;
    private const int Unmeasured = 12;
    private const int Longest = 3 * PerDay;
    private const int RefreshEvery = 72;
    private const double Hysteresis = 0.5;

    private readonly SeriesDetector _detector = new(Step);
    private readonly TailModel _distances = new(memory: 8000);
    private readonly AgedFlags _unusual = new(SeriesDetector.Memory);
    private readonly double[] _newest = new double[sustained];
    private double _highest = double.NaN;
    private UsualRange _everywhere;
    private bool _isStale = true;
    private int _measured;
    private long _step;
    private long _lastUsual;
    private long _runStart;
    private int _run;
    private int _missing;
    private int _usualSteps;
    private long _usualFrom;
    private double _runEvidence;
    private double _sum;
    private int _count;

    /// <summary>The episode that lasts or the last one; <see langword="null"/> when there was none.</summary>
    public Episode? Latest { get; private set; }

    /// <summary>Whether an episode lasts.</summary>
    public bool IsUnusual => Latest is { Until: null };

    /// <summary>The past values, newest first; where nothing was measured, the value before.</summary>
    public ReadOnlySpan<float> Past => _detector.Past;

    /// <summary>Whether a past value, by its age in steps, was measured and usual.</summary>
    public bool WasUsual(int age) => !_unusual[age];

    /// <summary>Adds the next step.</summary>
    /// <param name="step">Its number, one more than before.</param>
    /// <param name="value">Its value; <see cref="double.NaN"/> when nothing was measured.</param>
    public void Add(long step, double value)
    {
        _step = step;
        Refresh();
        var usual = UsualRange.At(_detector.Past, _unusual, PerDay) ?? _everywhere;
        double evidence = _detector.Add(value).Evidence;
        if (!double.IsFinite(value))
        {
            _unusual.Push(true);
            Miss();
            return;
        }

        _missing = 0;
        bool isKnown = _measured++ >= WarmUp;
        evidence = Math.Max(evidence, DistanceEvidence(Math.Max(0, value - usual.Middle)));
        double limit = Math.Max(usual.High, _highest) + least(Math.Max(usual.High, _highest));
        bool isAbove = isKnown && value >= floor && value > limit;
        Judge(value, usual, evidence, isAbove, isKnown && value > limit - (Hysteresis * least(limit)) && value >= floor);
        _unusual.Push(IsUnusual || isAbove);
    }

    /// <summary>The evidence against the smallest of the newest distances from what is usual, so that a single outlier has none.</summary>
    private double DistanceEvidence(double distance)
    {
        _newest[_measured % sustained] = distance;
        double smallest = _newest.Min();
        double evidence = _distances.Evidence(smallest);
        _distances.Add(smallest);
        return evidence;
    }

    private void Judge(double value, UsualRange usual, double evidence, bool isAbove, bool isStillAbove)
    {
        if (Latest is { Until: null } episode)
        {
            Continue(episode, value, usual, evidence, isStillAbove);
            return;
        }

        if (!isAbove)
        {
            (_run, _runEvidence, _sum, _count, _lastUsual) = (0, 0, 0, 0, _step);
            return;
        }

        _runStart = _run++ == 0 ? _step : _runStart;
        _runEvidence = Math.Max(_runEvidence, evidence);
        _sum += value;
        _count++;
        // A stretch ten times as long needs a tenth of the rarity.
        if (_run >= sustained && _runEvidence >= LeastEvidence - Math.Log10(_run / (double)sustained))
        {
            Latest = new() { Since = _runStart, After = _lastUsual == 0 ? _runStart : _lastUsual, Observed = _sum / _count, Peak = value, Usual = usual, Evidence = _runEvidence + Math.Log10(_run / (double)sustained) };
            (_run, _usualSteps) = (0, 0);
        }
    }

    private void Continue(Episode episode, double value, UsualRange usual, double evidence, bool isAbove)
    {
        if (isAbove)
        {
            _usualSteps = 0;
            _sum += value;
            _count++;
            episode.Observed += (value - episode.Observed) / Newest;
            episode.Peak = Math.Max(episode.Peak, value);
            episode.Usual = usual;
            episode.Evidence = Math.Max(episode.Evidence, evidence);
        }
        else
        {
            _usualFrom = _usualSteps++ == 0 ? _step : _usualFrom;
        }

        if (_usualSteps >= Over)
        {
            End(episode, _usualFrom);
        }
        else if (_step - episode.Since >= Longest)
        {
            End(episode, _step);
            _isStale = true;
        }
    }

    private void Miss()
    {
        if (++_missing == Unmeasured && Latest is { Until: null } episode)
        {
            End(episode, _step - Unmeasured + 1);
        }

        _run = _missing > Newest ? 0 : _run;
    }

    private void End(Episode episode, long until)
    {
        // What is over is part of the past: what comes again and again becomes usual.
        episode.Until = until;
        _unusual.Clear((int)(_step - episode.Since));
        episode.Observed = _sum / _count;
        (_run, _sum, _count, _lastUsual) = (0, 0, 0, _step);
    }

    /// <summary>Renews, four times a day, what is usual at all times.</summary>
    private void Refresh()
    {
        if (!_isStale && (_step + turn) % RefreshEvery != 0)
        {
            return;
        }

        _isStale = _measured < RefreshEvery;
        var past = _detector.Past;
        float[] values = new float[past.Length];
        int count = 0;
        for (int age = 0; age < past.Length; age++)
        {
            if (WasUsual(age))
            {
                values[count++] = past[age];
            }
        }

        if (count > 0)
        {
            _everywhere = UsualRange.Of(values.AsSpan(0, count));
            _highest = values[(int)(count * 0.99)];
        }
    }
}
