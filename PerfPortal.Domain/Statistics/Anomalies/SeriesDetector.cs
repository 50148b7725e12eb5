namespace PerfPortal.Domain.Statistics.Anomalies;

/// <summary>
/// Tells point by point how unusual a series is: the novelty of its newest 8 and 24 points (<see cref="ShapeNovelty"/>), each against its own past (<see cref="TailModel"/>).
/// One fixed set of parameters for every series; seasons need not be known. Deterministic, at most 64 KiB, a few microseconds a point. Not thread-safe.
/// </summary>
public sealed class SeriesDetector
{
    /// <summary>The number of points that are remembered: two weeks of five-minute steps, half a year of hours.</summary>
    public const int Memory = 4096;

    /// <summary>The default number of points in which nothing is said: two days of five-minute steps.</summary>
    public const int DefaultWarmUp = 576;

    /// <summary>The evidence from which a point is unusual: one in 45.</summary>
    public const double AlarmEvidence = 1.65;

    /// <summary>The number of points that are only remembered: all of the first day of five-minute steps is new, and would be taken as the measure of novelty.</summary>
    public const int Young = 288;

    /// <summary>The number of points after an alarm in which there is no other.</summary>
    public const int Rest = 120;

    // An hour of coarse steps is hardly a stretch: their score is that of three points.
    private const int CoarseWindow = 3;
    private const int CoarseLags = 2048;
    private const double Smoothing = 10;
    private const int FewestCoarse = 20;
    private static readonly TimeSpan Coarse = TimeSpan.FromMinutes(15);

    private readonly RecentValues _past = new(Memory);
    private readonly Scale[] _scales = [new(Memory, 8), new(Memory, 24)];
    private readonly Scale? _coarse;
    private readonly int _warmUp;
    private int _points;
    private int _quiet = Rest;
    private double _smooth;

    /// <summary>Creates a detector.</summary>
    /// <param name="step">The time between two points; steps from 15 minutes on are scored by three points, finer ones by stretches.</param>
    /// <param name="warmUp">The number of points in which there is no alarm, at least 0.</param>
    public SeriesDetector(TimeSpan step, int warmUp = DefaultWarmUp)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(warmUp);
        _warmUp = warmUp;
        _coarse = step >= Coarse ? new(CoarseLags, CoarseWindow) : null;
    }

    /// <summary>The past values, newest first, at most <see cref="Memory"/>; where nothing was measured, the value before.</summary>
    public ReadOnlySpan<float> Past => _past.Span;

    /// <summary>Adds the next point; <see cref="double.NaN"/>, and anything else that is not finite, when it was not measured.</summary>
    public SeriesScore Add(double value)
    {
        bool isMeasured = float.IsFinite((float)value);
        if (!isMeasured && _past.Count == 0)
        {
            return SeriesScore.None;
        }

        float known = isMeasured ? (float)value : _past.Span[0];
        var past = _past.Span;
        double evidence = 0;
        foreach (var scale in _scales)
        {
            evidence += scale.Add(past, known, isMeasured && _points >= Young, isJudged: true) / _scales.Length;
        }

        double ofPoint = _coarse?.Add(past, known, isMeasured, _points >= FewestCoarse) ?? 0;
        _past.Push(known);
        _quiet++;
        if (!isMeasured)
        {
            return SeriesScore.None;
        }

        _points++;
        _smooth += (evidence - _smooth) / Smoothing;
        bool isAlarm = evidence >= AlarmEvidence && _points > _warmUp && _quiet > Rest;
        _quiet = isAlarm ? 0 : _quiet;
        return new(SeriesScore.Of(_coarse is null ? _smooth : ofPoint), isAlarm, evidence);
    }

    /// <summary>The novelty at one length of stretch, and what it was before.</summary>
    private sealed class Scale(int lags, int window)
    {
        private readonly ShapeNovelty _novelty = new(lags, window);
        private readonly TailModel _tail = new(memory: 8000);

        public double Add(ReadOnlySpan<float> past, float value, bool isMeasured, bool isJudged)
        {
            float? novelty = _novelty.Add(past, value);
            if (!isMeasured || novelty is not { } known)
            {
                return 0;
            }

            double evidence = isJudged ? _tail.Evidence(known) : 0;
            _tail.Add(known);
            return evidence;
        }
    }
}
