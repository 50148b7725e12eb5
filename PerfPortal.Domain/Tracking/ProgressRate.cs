namespace PerfPortal.Domain.Tracking;

/// <summary>The progress rate of an operation.</summary>
/// <param name="PerSecond">The units of progress per second, at least 0.</param>
/// <param name="Deviation">The standard deviation of the rate between reports, in the same unit.</param>
public readonly record struct RateEstimate(double PerSecond, double Deviation);

/// <summary>
/// The progress rate with exponential weights and a half-life of 20 seconds. Mean and variance follow
/// the incremental exponentially weighted form (T. Finch, "Incremental calculation of weighted mean and variance", 2009).
/// </summary>
internal sealed class ProgressRate
{
    private const double HalfLifeSeconds = 20;

    private double? _lastDone;
    private DateTimeOffset _lastAt;
    private double _mean;
    private double _variance;
    private int _reports;

    /// <summary>The rate, or <see langword="null"/> before two reports at different times.</summary>
    public RateEstimate? Estimate => _reports == 0 ? null : new(_mean, Math.Sqrt(_variance));

    /// <summary>Adds a progress report; a decrease (a restarted download) resets the rate.</summary>
    public void Report(double done, DateTimeOffset at)
    {
        if (_lastDone is { } before && done >= before)
        {
            double seconds = (at - _lastAt).TotalSeconds;
            if (seconds <= 0)
            {
                return;
            }

            double rate = (done - before) / seconds;
            double weight = _reports == 0 ? 1 : 1 - Math.Pow(0.5, seconds / HalfLifeSeconds);
            double difference = rate - _mean;
            _mean += weight * difference;
            _variance = (1 - weight) * (_variance + (weight * difference * difference));
            _reports++;
        }
        else
        {
            _reports = 0;
            _mean = 0;
            _variance = 0;
        }

        _lastDone = done;
        _lastAt = at;
    }
}
