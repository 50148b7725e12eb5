using PerfPortal.Domain.Advice.History;
using PerfPortal.Domain.Text;

namespace PerfPortal.Domain.Advice.Fallbacks;

/// <summary>What would have been saved if another alternative had been tried first.</summary>
/// <param name="Alternative">The alternative.</param>
/// <param name="SavedSecondsPerDay">The seconds saved a day; negative when it would have cost time.</param>
/// <param name="Low">The lower end of the 95 % interval.</param>
/// <param name="High">The upper end.</param>
/// <param name="Attempts">The number of recorded attempts that it rests on.</param>
/// <param name="Fallbacks">The number of recorded fallbacks.</param>
public sealed record FallbackCounterfactual(string Alternative, double SavedSecondsPerDay, double Low, double High, int Attempts, int Fallbacks)
{
    /// <summary>The minimum number of recorded attempts.</summary>
    public const int MinAttempts = Confidence.MinSamples;

    private const double Z = 1.96;

    /// <summary>One sentence: <c>Trying B first would have saved 41 s a day; based on 212 recorded attempts.</c></summary>
    public string Sentence => string.Create(
        System.Globalization.CultureInfo.InvariantCulture,
        $"Trying {Alternative} first would have {(SavedSecondsPerDay == 0 ? "saved nothing" : $"{(SavedSecondsPerDay < 0 ? "cost" : "saved")} {Format.Seconds(Math.Abs(SavedSecondsPerDay))} a day")}; based on {Counted.Of(Attempts, "recorded attempt")}.");

    /// <summary>
    /// Returns each alternative, the largest saving first. Of each recorded fallback, what happened with the alternative is known if it was tried: then trying it first would have saved
    /// the attempts before its success, and nothing if it failed. If it was not tried, its mean time t and rate of success p stand in: s − (t + (1 − p) · s), where s is the
    /// time of the attempts that were made. The interval is that of the mean over the fallbacks; it does not contain the uncertainty of t and p.
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

        double days = Math.Max(1, (tried[^1].End - tried[0].End).TotalDays);
        return
        [
            .. TriedAlternative.Of(tried).Select(one =>
            {
                double[] saved = [.. tried.Select(fallback => Saved(fallback, one))];
                double mean = saved.Average();
                double half = saved.Length < 2 ? 0 : Z * Math.Sqrt(saved.Sum(value => (value - mean) * (value - mean)) / (saved.Length - 1) / saved.Length);
                double perDay = saved.Length / days;
                return new FallbackCounterfactual(one.Name, mean * perDay, (mean - half) * perDay, (mean + half) * perDay, attempts, tried.Count);
            }).OrderByDescending(one => one.SavedSecondsPerDay).ThenBy(one => one.Alternative, StringComparer.Ordinal),
        ];
    }

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
