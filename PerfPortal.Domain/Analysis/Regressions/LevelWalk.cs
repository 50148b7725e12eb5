using PerfPortal.Domain.Statistics.ChangePoints;

namespace PerfPortal.Domain.Analysis.Regressions;

/// <summary>The figure of a stretch of steps, such as the median of their values; <see cref="double.NaN"/> without data.</summary>
internal delegate double FigureOf(int from, int to);

/// <summary>
/// Walks along the changes of a series and says where it got worse. A rise counts only when the series was never even halfway there for as long, so what happens every evening or after
/// every quiet weekend, and what wanders up and down, is no regression. Such a level ends when half of the rise is undone.
/// </summary>
internal static class LevelWalk
{
    private const int ShortestWindow = 5;
    private const int LongestWindow = 72;
    private const int MinimumHistory = 10;

    // Worse levels that began at another time of the day than this share of a day are no daily pattern.
    private const int PartOfDay = 8;

    /// <summary>Returns the stretches at a worse level, in order; they do not overlap.</summary>
    /// <param name="steps">The indices of the steps that have data, in order.</param>
    /// <param name="changes">The changes of level, in order.</param>
    /// <param name="figureOf">The figure of a range of positions within <paramref name="steps"/>.</param>
    /// <param name="isWorse">Whether a level is so much above another that it matters.</param>
    /// <param name="confidence">The minimum confidence in a rise, 0–1.</param>
    /// <param name="day">The number of steps of a day. Before a day was seen, nothing can be told from a daily pattern.</param>
    /// <param name="first">The index of the first step from which on a rise counts.</param>
    public static List<WorseLevel> Find(
        IReadOnlyList<int> steps, IReadOnlyList<ChangePoint> changes, FigureOf figureOf, Func<double, double, bool> isWorse, double confidence, int day, int first)
    {
        var found = new List<WorseLevel>();
        if (changes.Count == 0)
        {
            return found;
        }

        double usual = changes[0].Before;
        WorseLevel? open = null;
        for (int i = 0; i < changes.Count; i++)
        {
            var change = changes[i];
            if (open is not null && change.After <= open.Base + ((open.Level - open.Base) / 2))
            {
                found.Add(open with { End = change.Index });
                (open, usual) = (null, change.After);
            }
            else if (open is not null)
            {
                open = open with { Level = change.After };
            }
            else if (change.Index >= first && isWorse(usual, change.After) && change.Confidence >= confidence
                && IsNew(steps, change.Index, i + 1 < changes.Count ? changes[i + 1].Index : int.MaxValue, usual, found.FindAll(other => !IsDaily(other, change.Index, day)), figureOf))
            {
                open = new(change.Index, change.Low, change.High, null, usual, change.After, change.Confidence);
            }
            else
            {
                usual = change.After;
            }
        }

        if (open is not null)
        {
            found.Add(open);
        }

        return found;
    }

    /// <summary>Whether a worse level may be what happens at this time of each day.</summary>
    private static bool IsDaily(WorseLevel other, int start, int day)
    {
        int apart = Math.Abs(start - other.Start) % day;
        return other.End - other.Start < day && Math.Min(apart, day - apart) <= day / PartOfDay;
    }

    /// <summary>Whether nothing before the stretch, except the worse levels found already, was halfway as high for as long.</summary>
    private static bool IsNew(IReadOnlyList<int> steps, int start, int end, double usual, List<WorseLevel> others, FigureOf figureOf)
    {
        int first = PositionOf(steps, start);
        int last = PositionOf(steps, end);
        if (first < MinimumHistory)
        {
            return false;
        }

        int window = Math.Clamp(Math.Min(last - first, first / 3), ShortestWindow, LongestWindow);
        double halfway = usual + ((figureOf(Math.Max(first, last - window), last) - usual) / 2);
        int stride = Math.Max(1, window / 8);
        for (int position = first - window; position >= 0; position -= stride)
        {
            if (!others.Exists(other => other.Start <= steps[position + window - 1] && other.End > steps[position]) && figureOf(position, position + window) >= halfway)
            {
                return false;
            }
        }

        return true;
    }

    private static int PositionOf(IReadOnlyList<int> steps, int index)
    {
        int low = 0;
        int high = steps.Count;
        while (low < high)
        {
            int middle = (low + high) / 2;
            (low, high) = steps[middle] < index ? (middle + 1, high) : (low, middle);
        }

        return low;
    }
}
