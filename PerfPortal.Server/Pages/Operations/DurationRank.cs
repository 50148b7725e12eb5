using PerfPortal.Domain.Statistics;
using PerfPortal.Domain.Text;

namespace PerfPortal.Server.Pages.Operations;

/// <summary>Where a duration lies among others.</summary>
/// <param name="ShareFaster">The share of the others that took less time or as much, 0–1.</param>
/// <param name="Count">How many others there are.</param>
/// <param name="Text">A sentence for a person.</param>
public sealed record DurationRank(double ShareFaster, long Count, string Text)
{
    /// <summary>Fewer others say nothing.</summary>
    public const int Fewest = 5;

    /// <summary>Ranks a duration among those of its name, within the sketch's precision of 1 %; <see langword="null"/> when there are too few.</summary>
    /// <param name="durations">The durations of the name in the window.</param>
    /// <param name="seconds">The duration.</param>
    /// <param name="window">The window in words, such as "the last 7 days".</param>
    /// <param name="isRunning">The operation still runs: its duration is only what it has run so far.</param>
    public static DurationRank? Of(DurationSketch durations, double seconds, string window, bool isRunning = false)
    {
        if (durations.Count < Fewest)
        {
            return null;
        }

        long above = durations.CountAbove(seconds);
        double share = (double)(durations.Count - above) / durations.Count;
        string others = $"of {Format.Count(durations.Count)} operations of this name in {window}";
        string text = isRunning ? $"Has run longer than {Percent(durations.Count - above, durations.Count)} {others}."
            : share >= 0.5 ? $"Slower than {Percent(durations.Count - above, durations.Count)} {others}."
            : $"Faster than {Percent(above, durations.Count)} {others}.";
        return new(share, durations.Count, text);
    }

    // An ended operation is itself among those that took as long; with none above it, it is slower than all others.
    private static string Percent(long part, long count) => part == count ? "all others" : Format.Percent(part * 1000 / count / 10.0);
}
