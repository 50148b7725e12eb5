using PerfPortal.Domain.Advice.History;
using PerfPortal.Domain.Text;

namespace PerfPortal.Domain.Advice.Fallbacks;

/// <summary>What would have been saved if another alternative had been tried first.</summary>
/// <param name="Alternative">The alternative.</param>
/// <param name="SavedSecondsPerDay">
/// The seconds saved a day, or so far where less than a day was observed; negative when it would have cost time.
/// </param>
/// <param name="Low">The lower end of the 95 % interval.</param>
/// <param name="High">The upper end.</param>
/// <param name="Attempts">The number of recorded attempts that it rests on.</param>
/// <param name="Fallbacks">The number of recorded fallbacks.</param>
public sealed record FallbackCounterfactual(string Alternative, double SavedSecondsPerDay, double Low, double High, int Attempts, int Fallbacks)
{
    /// <summary>The minimum number of recorded attempts.</summary>
    public const int MinAttempts = Confidence.MinSamples;

    private const double Z = 1.96;

    /// <summary>The time from the first recorded fallback to the last.</summary>
    public TimeSpan Observed { get; init; } = ObservedSpan.Day;

    /// <summary>Whether the interval excludes zero, so that another order is clearly better or worse.</summary>
    public bool IsClear => Low > 0 || High < 0;

    /// <summary>
    /// One sentence: <c>Trying B first would have saved 41 s a day; based on 212 recorded attempts.</c> Below a day the sum so far takes the place of the rate, and an interval that
    /// includes zero recommends nothing.
    /// </summary>
    public string Sentence => IsClear
        ? $"Trying {Alternative} first would have {(SavedSecondsPerDay < 0 ? "cost" : "saved")} {Format.Seconds(Math.Abs(SavedSecondsPerDay))} {ObservedSpan.Words(Observed)}; based on {Basis}."
        : $"No order is clearly better: trying {Alternative} first would have saved from {Signed(Low)} to {Signed(High)} {ObservedSpan.Words(Observed)} (95 % interval); based on {Basis}.";

    /// <summary>The interval in words: <c>30 s to 52 s a day</c>, or of the sum so far <c>−236 ms to 1.2 s</c>. Of what would have cost time it is that of the cost.</summary>
    public string Interval => (SavedSecondsPerDay < 0 ? $"{Signed(-High)} to {Signed(-Low)}" : $"{Signed(Low)} to {Signed(High)}") + (Observed >= ObservedSpan.Day ? " a day" : "");

    private string Basis => Counted.Of(Attempts, "recorded attempt");

    /// <summary>
    /// Returns each alternative, the largest saving first. Of each recorded fallback, what happened with the alternative is known if it was tried: then trying it first would have saved
    /// the attempts before its success, and nothing if it failed. If it was not tried, its mean time t and rate of success p stand in: s − (t + (1 − p) · s), where s is the
    /// time of the attempts that were made. The interval is that of a sum of as many fallbacks as there happen to be (compound Poisson, with the variance Σ x²), so that it holds for
    /// other days too; it does not contain the uncertainty of t and p.
    /// </summary>
    /// <param name="fallbacks">The fallbacks of one group, in the order of their ends. A period shorter than a day counts as a day.</param>
    /// <returns>Nothing when fewer than <see cref="MinAttempts"/> attempts are recorded.</returns>
    public static IReadOnlyList<FallbackCounterfactual> Of(IReadOnlyList<PastFallback> fallbacks)
    {
        ArgumentNullException.ThrowIfNull(fallbacks);
        var tried = fallbacks.Where(fallback => fallback.Attempts.Count > 0).ToList();
        int attempts = tried.Sum(fallback => fallback.Attempts.Count);
        if (attempts < MinAttempts)
        {
            return [];
        }

        var observed = ObservedSpan.Of(tried);
        double days = ObservedSpan.Days(observed);
        return
        [
            .. TriedAlternative.Of(tried).Select(one =>
            {
                double[] saved = [.. tried.Select(fallback => Saved(fallback, one))];
                double sum = saved.Sum();
                double half = Z * Math.Sqrt(saved.Sum(value => value * value));
                return new FallbackCounterfactual(one.Name, sum / days, (sum - half) / days, (sum + half) / days, attempts, tried.Count) { Observed = observed };
            }).OrderByDescending(one => one.SavedSecondsPerDay).ThenBy(one => one.Alternative, StringComparer.Ordinal),
        ];
    }

    private static string Signed(double seconds) => Format.Seconds(seconds).Replace('-', '−');

    private static double Saved(PastFallback fallback, TriedAlternative one)
    {
        double before = 0;
        foreach (var attempt in fallback.Attempts)
        {
            if (attempt.Alternative == one.Name)
            {
                return attempt.Succeeded ? before : 0;
            }

            before += attempt.Seconds;
        }

        return before - (one.Seconds + ((1 - one.Success) * before));
    }
}
