namespace PerfPortal.Domain.Tracking.Remaining;

/// <summary>
/// The latest estimates whose outcome is known, and the factor on their spread with which 90 % would have held: split conformal prediction with errors divided by the
/// predicted spread (Papadopoulos, Gammerman, Vovk: "Normalized nonconformity measures for regression conformal prediction", 2008). Bounded; not thread-safe.
/// </summary>
internal sealed class EtaWindow
{
    /// <summary>The number of estimates that count.</summary>
    public const int Capacity = 200;

    /// <summary>The factor before enough outcomes are known: the 90th percentile of a normal distribution.</summary>
    public const double InitialFactor = 1.2816;

    private const int Minimum = 20;
    private const double MaxFactor = 50;

    private readonly double[] _scores = new double[Capacity];
    private readonly double[] _sorted = new double[Capacity];
    private int _next;
    private double _factor = InitialFactor;

    /// <summary>The number of outcomes, at most <see cref="Capacity"/>.</summary>
    public int Count { get; private set; }

    /// <summary>The factor on the spread that leads to P90, at least 0.</summary>
    public double Factor => _factor;

    /// <summary>The errors in units of the spread, oldest first.</summary>
    public IEnumerable<double> Scores => Enumerable.Range(0, Count).Select(i => _scores[(_next - Count + i + Capacity) % Capacity]);

    /// <summary>Adds an outcome.</summary>
    /// <param name="estimate">The estimate.</param>
    /// <param name="actualSeconds">How long it took from then on.</param>
    public void Add(EtaEstimate estimate, double actualSeconds) => Add((actualSeconds - estimate.P50) / estimate.Spread);

    /// <summary>Adds an error in units of the spread.</summary>
    public void Add(double score)
    {
        if (!double.IsFinite(score))
        {
            return;
        }

        _scores[_next] = score;
        _next = (_next + 1) % Capacity;
        Count = Math.Min(Count + 1, Capacity);
        if (Count < Minimum)
        {
            return;
        }

        _scores.AsSpan(0, Count).CopyTo(_sorted);
        var sorted = _sorted.AsSpan(0, Count);
        sorted.Sort();

        // The rank ⌈0.9 (n + 1)⌉ of split conformal prediction.
        int rank = Math.Min(Count, (int)Math.Ceiling(0.9 * (Count + 1)));
        _factor = Math.Clamp(sorted[rank - 1], 0, MaxFactor);
    }
}
