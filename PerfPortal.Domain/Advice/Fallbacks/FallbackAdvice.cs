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
                AdviceKinds.CacheLifetime, null, attempts, $"Only {Format.Count(attempts)} recorded attempt{(attempts == 1 ? "" : "s")} {among} so far; at least {Confidence.MinSamples} are needed.");
            return;
        }

        var order = TriedAlternative.Of(fallbacks).Take(MaxAlternatives).ToList();
        for (int i = 0; i < order.Count; i++)
        {
            var one = order[i];
            double confidence = Confidence.OfShare(one.Succeeded, one.Attempts);
            string seen = $"{Format.Count(one.Succeeded)} of {Format.Count(one.Attempts)} attempts of {one.Name} succeeded, at {Format.Seconds(one.Seconds)} each";
            answer.Learned(AdviceKinds.AlternativeRank, one.Name, i + 1, one.Attempts, confidence, $"{seen}, which makes {Format.Seconds(one.Index)} to a success; the shortest goes first.");
            answer.Learned(AdviceKinds.ExpectedSeconds, one.Name, one.Index, one.Attempts, confidence, $"{seen}.");
            answer.Learned(AdviceKinds.ExpectedSuccess, one.Name, one.Success, one.Attempts, confidence, $"{seen}.");
        }

        AddWhole(answer, order, attempts);
        var (changes, seconds) = ChangeRate.Count(fallbacks);
        answer.Learned(
            AdviceKinds.CacheLifetime, null, ChangeRate.Lifetime(changes, seconds), attempts, Confidence.Of(attempts, 1 / Math.Sqrt(0.5 + changes)),
            $"The alternatives changed {Format.Count(changes)} time{(changes == 1 ? "" : "s")} in {Format.Seconds(seconds)} between {Format.Count(attempts)} attempts {among}; after this time one score in ten is out of date.");
    }

    private static void AddWhole(AdviceWriter answer, List<TriedAlternative> order, int attempts)
    {
        double confidence = order.Min(one => Confidence.OfShare(one.Succeeded, one.Attempts));
        double seconds = TriedAlternative.ExpectedSeconds(order);
        double success = 1 - order.Aggregate(1.0, (failed, one) => failed * (1 - one.Success));
        string reason = $"Tried in the advised order, {Format.Count(order.Count)} alternative{(order.Count == 1 ? "" : "s")} end after {Format.Seconds(seconds)} on average, and {Format.Ratio(success)} of the fallbacks succeed.";
        answer.Learned(AdviceKinds.ExpectedSeconds, null, seconds, attempts, confidence, reason);
        answer.Learned(AdviceKinds.ExpectedSuccess, null, success, attempts, confidence, reason);
    }
}
