namespace PerfPortal.Domain.Sampling.Probes;

/// <summary>Sums the rates of several devices.</summary>
/// <remarks>A device without a rate (a new one) is skipped; a device whose counter decreased makes the sum unknown in that round.</remarks>
internal struct SumOfRates
{
    private double _sum;
    private bool _any;
    private bool _wentBack;

    public void Add(in CounterRate rate)
    {
        _wentBack |= rate.WentBack;
        if (double.IsNaN(rate.PerSecond))
        {
            return;
        }

        _sum += rate.PerSecond;
        _any = true;
    }

    /// <summary>The sum, or <see langword="null"/> when it is unknown or no device had a rate.</summary>
    public readonly double? Value => _any && !_wentBack ? _sum : null;
}
