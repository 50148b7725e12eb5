namespace PerfPortal.Domain.Advice.HealthChecks;

/// <summary>
/// When to check a model. A check costs its duration, and corruption costs for as long as it is not found, so the rate of cost at an interval t is C / t + λ · v · t / 2: a check of C
/// seconds every t, and corruption at the rate λ that stays for t / 2 on average. Its least is at t = √(2 C / (λ v)) (Barlow, Hunter and Proschan, "Optimum checking procedures",
/// 1963, for a low rate). λ comes from the corruptions seen, with a Gamma prior of half a corruption in half a year (a Gamma–Poisson model).
/// </summary>
internal static class InspectionPlan
{
    /// <summary>What a second of undetected corruption is worth, in seconds of checking, of a model that is used once a day.</summary>
    internal const double SecondsPerSecond = 0.01;

    /// <summary>The longest time for which corruption may stay undetected by samples: the highest number of checks between two full ones follows from it.</summary>
    internal const double MaxHiddenSeconds = 30 * 86_400.0;

    private const double PriorEvents = 0.5;
    private const double PriorSeconds = 0.5 * 365 * 86_400;
    private const double LeastUse = 0.25;
    private const double MostUse = 16;

    /// <summary>The rate of corruption per second and model: the mean of the posterior, (½ + k) / (½ year + T).</summary>
    internal static double Rate(int corruptions, double exposedSeconds) => (PriorEvents + corruptions) / (PriorSeconds + Math.Max(0, exposedSeconds));

    /// <summary>The interval of least cost, in seconds, within nothing but the finite.</summary>
    /// <param name="checkSeconds">The cost of a check.</param>
    /// <param name="rate">The rate of corruption per second.</param>
    /// <param name="usesPerDay">How often the model is used; <see langword="null"/> when not known, which counts as once a day.</param>
    internal static double Interval(double checkSeconds, double rate, double? usesPerDay) =>
        Math.Sqrt(2 * Math.Max(checkSeconds, 1e-3) / (rate * Worth(usesPerDay)));

    /// <summary>The cost of an interval of a length t in seconds a second, at the least of which <see cref="Interval"/> is: C / t + λ · v · t / 2.</summary>
    internal static double Cost(double checkSeconds, double seconds, double rate, double? usesPerDay) => (checkSeconds / seconds) + (rate * Worth(usesPerDay) * seconds / 2);

    /// <summary>
    /// Every how many checks one should be full: samples miss a share m of corruption, which then stays for N · t / 2 on average, and a full check costs F − S more than a sampled one;
    /// the least of (F − S) / (N t) + λ · v · m · N · t / 2 is at N = √(2 (F − S) / (λ v m)) / t.
    /// </summary>
    internal static double FullEvery(double fullSeconds, double sampledSeconds, double missed, double rate, double interval, double? usesPerDay) =>
        Math.Clamp(
            Math.Sqrt(2 * Math.Max(fullSeconds - sampledSeconds, 1e-3) / (rate * Worth(usesPerDay) * Math.Max(missed, 0.01))) / interval, 1, Math.Max(1, MaxHiddenSeconds / interval));

    private static double Worth(double? usesPerDay) => SecondsPerSecond * Math.Clamp(usesPerDay ?? 1, LeastUse, MostUse);
}
