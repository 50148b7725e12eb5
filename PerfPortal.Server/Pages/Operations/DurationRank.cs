using PerfPortal.Domain.Statistics;
using PerfPortal.Domain.Text;

namespace PerfPortal.Server.Pages.Operations;

/// <summary>The rank of a duration among operations with the same name.</summary>
/// <param name="ShareFaster">The share of operations that took the same time or less, 0–1.</param>
/// <param name="Count">The number of operations compared with.</param>
/// <param name="Text">A sentence for display.</param>
public sealed record DurationRank(double ShareFaster, long Count, string Text)
{
    /// <summary>The minimum number of operations to compare with.</summary>
    public const int Fewest = 5;

    /// <summary>Ranks a duration among operations with the same name, within the sketch's precision of 1 %. Returns <see langword="null"/> if there are too few.</summary>
    /// <param name="durations">The durations of operations with the same name in the window.</param>
    /// <param name="seconds">The duration in seconds.</param>
    /// <param name="window">The window as text, such as "the last 7 days".</param>
    /// <param name="isRunning">Whether the operation is still running, so that the duration is the elapsed time.</param>
    public static DurationRank? Of(DurationSketch durations, double seconds, string window, bool isRunning = false)
    {
        if (durations.Count < Fewest)
        {
            return null;
        }

        long above = durations.CountAbove(seconds);
        double share = (double)(durations.Count - above) / durations.Count;
        string others = $"of the {Format.Count(durations.Count)} operations with this name in {window}";
        string text = isRunning ? $"Running longer than {Percent(durations.Count - above, durations.Count)} {others}."
            : share >= 0.5 ? $"Slower than {Percent(durations.Count - above, durations.Count)} {others}."
            : $"Faster than {Percent(above, durations.Count)} {others}.";
        return new(share, durations.Count, text);
    }

    // The count includes the ended operation itself. If none took longer, it is slower than all others.
    private static string Percent(long part, long count) => part == count ? "all others" : Format.Percent(part * 1000 / count / 10.0);
}
