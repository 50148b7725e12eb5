namespace PerfPortal.Domain.Sampling.Probes;

/// <summary>The rate of a counter that only grows, from one reading to the next.</summary>
/// <remarks>A counter that went backwards (it wrapped, or the device was replaced) has no rate in that round; the next round counts from the new value.</remarks>
internal struct CounterRate
{
    private ulong _value;
    private TimeSpan _at;
    private bool _known;

    /// <summary>Units per second since the reading before; NaN when there is none, when no time has passed or when the counter went backwards.</summary>
    public double PerSecond { get; private set; }

    /// <summary>Whether the counter was smaller than at the reading before.</summary>
    public bool WentBack { get; private set; }

    /// <summary>Takes a reading.</summary>
    public void Step(ulong value, TimeSpan now)
    {
        WentBack = _known && value < _value;
        double seconds = (now - _at).TotalSeconds;
        PerSecond = _known && !WentBack && seconds > 0 ? (value - _value) / seconds : double.NaN;
        _value = value;
        _at = now;
        _known = true;
    }

    /// <summary>The rate, or <see langword="null"/>.</summary>
    public readonly double? ToNullable() => double.IsNaN(PerSecond) ? null : PerSecond;
}
