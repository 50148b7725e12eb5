using PerfPortal.Domain.Advice.History;
using PerfPortal.Domain.Statistics;
using PerfPortal.Domain.Text;

namespace PerfPortal.Domain.Advice.Downloads;

/// <summary>The delay before a retry, and whether one is worthwhile, by error category.</summary>
internal static class RetryAdvice
{
    // What an attempt costs besides the delay, in seconds: a connection, a request, and the load that it puts on the server.
    internal const double AttemptSeconds = 1;

    // A delay is only advised when it was tried this often.
    internal const int MinPerDelay = 5;

    // Retries of few downloads are not independent: one outage fails them all.
    internal const int MinDownloads = 5;

    // Of delays that take practically as long, the shortest is advised.
    private const double Near = 1.05;

    /// <summary>Adds the items of every category that was seen or has a default of its own.</summary>
    public static void Add(AdviceWriter answer, IReadOnlyList<PastDownload> downloads, string among)
    {
        var byCategory = downloads.SelectMany(download => download.Retries.Select(retry => (Retry: retry, download.Id)))
            .GroupBy(item => item.Retry.Category, StringComparer.Ordinal).ToDictionary(group => group.Key, group => group.ToList(), StringComparer.Ordinal);
        foreach (string category in AdviceCatalog.RetryCategories.Union(byCategory.Keys.Order(StringComparer.Ordinal).Take(20), StringComparer.Ordinal))
        {
            var retries = byCategory.GetValueOrDefault(category) ?? [];
            int affected = retries.DistinctBy(item => item.Id).Count();
            if (retries.Count < Confidence.MinSamples || affected < MinDownloads)
            {
                string reason = retries.Count == 0
                    ? $"No retries after {Counted.Category(category)} errors are recorded in downloads {among}; at least {Confidence.MinSamples} in {MinDownloads} downloads are needed."
                    : $"Only {Counted.Of(retries.Count, "retry", "retries")} after {Counted.Category(category)} errors in {Counted.Of(affected, "download")} {among}; "
                    + $"at least {Confidence.MinSamples} retries in {MinDownloads} downloads are needed.";
                answer.Default(AdviceKinds.RetryDelay, category, retries.Count, reason);
                answer.Default(AdviceKinds.RetrySuccess, category, retries.Count, reason);
                continue;
            }

            AddDelay(answer, category, [.. retries.Select(item => item.Retry)], among);
            AddSuccess(answer, category, [.. retries.Select(item => item.Retry)], among);
        }
    }

    /// <summary>
    /// The delays that were tried, in groups of a factor of two, with the expected time until a retry succeeds when each waits as long: (d + a) / p, where d is the median delay,
    /// a the cost of an attempt, and p = (s + 1) / (n + 2) the share of successes, drawn towards a half by two imagined retries.
    /// </summary>
    internal static List<TriedDelay> Tried(IReadOnlyList<PastRetry> retries) =>
    [
        .. retries.GroupBy(retry => (int)Math.Floor(Math.Log2(Math.Max(retry.Delay, 0.01)))).OrderBy(group => group.Key).Select(group =>
        {
            var (n, succeeded) = (group.Count(), group.Count(retry => retry.Succeeded));
            double delay = Robust.Median([.. group.Select(retry => retry.Delay)])!.Value;
            return new TriedDelay(delay, n, succeeded, (delay + AttemptSeconds) / ((succeeded + 1.0) / (n + 2.0)));
        }),
    ];

    /// <summary>The shortest delay whose expected time is within 5 % of the best; <see langword="null"/> when none was tried often enough.</summary>
    internal static TriedDelay? Best(IReadOnlyList<TriedDelay> tried)
    {
        var known = tried.Where(item => item.Count >= MinPerDelay).ToList();
        return known.Count == 0 ? null : known.First(item => item.ExpectedSeconds <= Near * known.Min(other => other.ExpectedSeconds));
    }

    private static void AddDelay(AdviceWriter answer, string category, IReadOnlyList<PastRetry> retries, string among)
    {
        var tried = Tried(retries);
        if (Best(tried) is not { } best)
        {
            answer.Default(AdviceKinds.RetryDelay, category, retries.Count, $"No delay after {Counted.Category(category)} errors has been tried {MinPerDelay} times {among}.");
            return;
        }

        string others = string.Join("; ", tried.Where(item => item != best && item.Count >= MinPerDelay).Take(4).Select(item => $"after {Format.Seconds(item.Delay)}, {Format.Ratio(item.Share)}"));
        answer.Learned(
            AdviceKinds.RetryDelay, category, best.Delay, retries.Count, Confidence.OfShare(best.Succeeded, best.Count),
            $"After {Counted.Category(category)} errors, {Format.Count(best.Succeeded)} of {Counted.Of(best.Count, "retry", "retries")} after {Format.Seconds(best.Delay)} succeeded"
            + (others.Length > 0 ? $" ({others})." : "."));
    }

    private static void AddSuccess(AdviceWriter answer, string category, IReadOnlyList<PastRetry> retries, string among)
    {
        int succeeded = retries.Count(retry => retry.Succeeded);
        double share = (succeeded + 0.5) / (retries.Count + 1.0);
        answer.Learned(
            AdviceKinds.RetrySuccess, category, share, retries.Count, Confidence.OfShare(succeeded, retries.Count),
            $"{Format.Count(succeeded)} of {Counted.Of(retries.Count, "retry", "retries")} after {Counted.Category(category)} errors {among} succeeded"
            + (share < AdviceCatalog.WorthwhileRetry ? ", so retrying is not worthwhile." : "."));
    }
}

/// <summary>A delay that was tried.</summary>
/// <param name="Delay">The median delay of the group, in seconds.</param>
/// <param name="Count">The number of retries.</param>
/// <param name="Succeeded">The number that succeeded.</param>
/// <param name="ExpectedSeconds">The expected time until a retry succeeds.</param>
internal sealed record TriedDelay(double Delay, int Count, int Succeeded, double ExpectedSeconds)
{
    /// <summary>The share that succeeded.</summary>
    public double Share => (double)Succeeded / Count;
}
