namespace PerfPortal.Domain.Tracking;

/// <summary>
/// The mean and variance of a rate with exponential weights: an increment counts half once a half-life has passed, and its weight is the time it took
/// (T. Finch, "Incremental calculation of weighted mean and variance", 2009).
/// </summary>
/// <param name="Mean">The units per second.</param>
/// <param name="Variance">The variance of the rate between reports.</param>
/// <param name="Seconds">The weighted time that the mean covers; 0 before two reports.</param>
internal readonly record struct WeightedRate(double Mean, double Variance, double Seconds)
{
    private const double Negligible = 0.001;

    /// <summary>Adds an increment.</summary>
    /// <param name="rate">The units per second.</param>
    /// <param name="seconds">The time it took, above 0.</param>
    /// <param name="halfLife">The half-life, seconds.</param>
    public WeightedRate With(double rate, double seconds, double halfLife)
    {
        double kept = Math.Pow(0.5, seconds / halfLife);
        double added = halfLife / Math.Log(2) * (1 - kept);
        double total = (Seconds * kept) + added;
        double weight = added / total;
        double difference = rate - Mean;
        return new(Mean + (weight * difference), (1 - weight) * (Variance + (weight * difference * difference)), total);
    }

    /// <summary>The share of the mean that is left when time without progress is added: it tends to 0, and is 0 once negligible.</summary>
    public double ShareAfter(double silentSeconds, double halfLife)
    {
        double kept = Math.Pow(0.5, silentSeconds / halfLife);
        double share = Seconds * kept / ((Seconds * kept) + (halfLife / Math.Log(2) * (1 - kept)));
        return share < Negligible ? 0 : share;
    }
}
