using PerfPortal.Domain.Advice.History;
using PerfPortal.Domain.Text;

namespace PerfPortal.Domain.Advice.Fallbacks;

/// <summary>Advice for the fallback manager.</summary>
internal static class FallbackAdvice
{
    private const int MaxAlternatives = 50;

    /// <summary>Writes the items.</summary>
    public static void Write(AdviceWriter answer, IReadOnlyList<PastFallback> fallbacks, string among)
    {
        int attempts = fallbacks.Sum(fallback => fallback.Attempts.Count);
        if (attempts < Confidence.MinSamples)
        {
            answer.Default(
                AdviceKinds.CacheLifetime, null, attempts, $"{Counted.TooFew(attempts, "attempt")} {among} {(attempts > 1 ? "are" : "is")} recorded so far; at least {Confidence.MinSamples} are needed.");
            return;
        }

        var order = TriedAlternative.Of(fallbacks).Take(MaxAlternatives).ToList();
        for (int i = 0; i < order.Count; i++)
        {
            var one = order[i];
            double confidence = Confidence.OfShare(one.Succeeded, one.Attempts);
            string seen = $"{Format.Count(one.Succeeded)} of {Counted.Of(one.Attempts, "attempt")} of {one.Name} succeeded, at {Format.Seconds(one.Seconds)} each on average";
            answer.Learned(AdviceKinds.AlternativeRank, one.Name, i + 1, one.Attempts, confidence, $"{seen}, which makes {Format.Seconds(one.Index)} until one succeeds; the alternative with the shortest time goes first.");
            answer.Learned(AdviceKinds.ExpectedSeconds, one.Name, one.Index, one.Attempts, confidence, $"{seen}.");
            answer.Learned(AdviceKinds.ExpectedSuccess, one.Name, one.Success, one.Attempts, confidence, $"{seen}.");
        }

        AddWhole(answer, order, attempts);
        var (changes, seconds) = ChangeRate.Count(fallbacks);
        answer.Learned(
            AdviceKinds.CacheLifetime, null, ChangeRate.Lifetime(changes, seconds), attempts, Confidence.Of(attempts, 1 / Math.Sqrt(0.5 + changes)),
            $"In {Format.Seconds(seconds)} between {Format.Count(attempts)} attempts {among}, the alternatives {Counted.Happened("changed", changes)}; one score in ten is expected to be out of date after this time.");
    }

    private static void AddWhole(AdviceWriter answer, List<TriedAlternative> order, int attempts)
    {
        double confidence = order.Min(one => Confidence.OfShare(one.Succeeded, one.Attempts));
        double seconds = TriedAlternative.ExpectedSeconds(order);
        double success = 1 - order.Aggregate(1.0, (failed, one) => failed * (1 - one.Success));
        string reason = order.Count == 1
            ? $"The only alternative takes {Format.Seconds(seconds)} on average, and {Format.Ratio(success)} of the fallbacks succeed."
            : $"Trying {Format.Count(order.Count)} alternatives in the advised order takes {Format.Seconds(seconds)} on average, and {Format.Ratio(success)} of the fallbacks succeed.";
        answer.Learned(AdviceKinds.ExpectedSeconds, null, seconds, attempts, confidence, reason);
        answer.Learned(AdviceKinds.ExpectedSuccess, null, success, attempts, confidence, reason);
    }
}
