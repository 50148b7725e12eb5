namespace PerfPortal.Domain.Sampling.Probes;

/// <summary>The rate of a monotonic counter between two readings.</summary>
/// <remarks>A counter that decreased (it wrapped, or the device was replaced) has no rate in that round; the next round continues from the new value.</remarks>
internal struct CounterRate
{
    private ulong _value;
    private TimeSpan _at;
    private bool _known;

    /// <summary>Units per second since the previous reading; NaN when there is none, when no time has passed or when the counter decreased.</summary>
    public double PerSecond { get; private set; }

    /// <summary>Whether the counter decreased since the previous reading.</summary>
    public bool WentBack { get; private set; }

    /// <summary>Adds a reading.</summary>
    public void Step(ulong value, TimeSpan now)
    {
        WentBack = _known && value < _value;
        double seconds = (now - _at).TotalSeconds;
        PerSecond = _known && !WentBack && seconds > 0 ? (value - _value) / seconds : double.NaN;
        _value = value;
        _at = now;
        _known = true;
    }

    /// <summary>The rate, or <see langword="null"/> when it is NaN.</summary>
    public readonly double? ToNullable() => double.IsNaN(PerSecond) ? null : PerSecond;
}
