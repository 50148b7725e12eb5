using PerfPortal.Domain.Advice.History;
using PerfPortal.Domain.Text;

namespace PerfPortal.Domain.Advice.Downloads;

/// <summary>The time without progress after which an attempt is given up.</summary>
internal static class TimeoutAdvice
{
    /// <summary>A 99 % quantile of fewer values is their maximum.</summary>
    internal const int MinSamples = 20;

    // Beyond what was seen: a stall that lasts twice as long as all but one in a hundred is not over soon.
    private const double Margin = 2;

    /// <summary>
    /// Adds the item: twice the 99 % quantile of the longest stalls from which downloads recovered; where they do not say it, twice that of the durations of successful downloads of
    /// this size, which contain their stalls and so bound them, if that is less than the default.
    /// </summary>
    public static void Add(AdviceWriter answer, List<PastDownload> comparable, string among)
    {
        double[] stalls = [.. comparable.Where(download => download.LongestStall is not null).Select(download => download.LongestStall!.Value).Order()];
        if (stalls.Length >= MinSamples)
        {
            double high = Confidence.Quantile(stalls, 0.99);
            answer.Learned(
                AdviceKinds.Timeout, null, Margin * high, stalls.Length, Confidence.Of(stalls.Length, Spread(stalls)),
                $"In 99 % of {Format.Count(stalls.Length)} successful downloads {among}, the longest time without progress was {Format.Seconds(high)} or less.");
            return;
        }

        double[] seconds = [.. comparable.Select(download => download.Seconds).Order()];
        double safe = AdviceCatalog.DefaultOf(AdviceKinds.Timeout)!.Value;
        if (seconds.Length < MinSamples)
        {
            answer.Default(
                AdviceKinds.Timeout, null, seconds.Length,
                $"{Counted.TooFew(seconds.Length, "successful download")} {among} so far; at least {MinSamples} are needed.");
            return;
        }

        double longest = Confidence.Quantile(seconds, 0.99);
        if (Margin * longest >= safe)
        {
            answer.Default(
                AdviceKinds.Timeout, null, seconds.Length,
                $"99 % of {Format.Count(seconds.Length)} successful downloads {among} took {Format.Seconds(longest)} or less in total, and they do not say how long they went without progress.");
            return;
        }

        answer.Learned(
            AdviceKinds.Timeout, null, Margin * longest, seconds.Length, Confidence.Of(seconds.Length, Spread(seconds)),
            $"99 % of {Format.Count(seconds.Length)} successful downloads {among} took {Format.Seconds(longest)} or less in total.");
    }

    // The tail counts here, not the middle: how far the 99 % quantile lies above the 90 % one.
    private static double Spread(double[] ascending)
    {
        double high = Confidence.Quantile(ascending, 0.99);
        return high > 0 ? (high - Confidence.Quantile(ascending, 0.9)) / high : 0;
    }
}
