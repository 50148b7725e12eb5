using PerfPortal.Domain.Alerts.Signals;
using PerfPortal.Domain.Statistics;

namespace PerfPortal.Domain.Alerts.Preview;

/// <summary>
/// The figures of one subject over a window that moves by minutes. Durations are kept as two stacks of sums, so that a step costs a few merges however long the window is: the front holds the
/// sum from each minute to the end of the front, the back one sum of all that came after.
/// </summary>
internal sealed class SlidingFigures(bool withDurations) : IWindowFigures
{
    private readonly Queue<(long Minute, long Finished, long Failed, long Abandoned)> _counts = new();
    private readonly Stack<(long Minute, StatisticsBuilder Sum)> _front = new();
    private readonly List<(long Minute, StatisticsBuilder Figures)> _back = [];
    private StatisticsBuilder? _sumOfBack;

    /// <inheritdoc/>
    public long Finished { get; private set; }

    /// <inheritdoc/>
    public long Failed { get; private set; }

    /// <inheritdoc/>
    public long Abandoned { get; private set; }

    /// <summary>The last minute with operations.</summary>
    public long Last { get; private set; } = long.MinValue;

    /// <summary>Whether there are operations in the window.</summary>
    public bool IsEmpty => Finished == 0 && Abandoned == 0;

    /// <summary>Adds a minute; minutes come in order.</summary>
    public void Add(long minute, StatisticsBuilder figures)
    {
        long failed = figures.Finished - figures.Succeeded;
        if (figures.Finished == 0 && figures.Abandoned == 0)
        {
            return;
        }

        Last = minute;
        _counts.Enqueue((minute, figures.Finished, failed, figures.Abandoned));
        Finished += figures.Finished;
        Failed += failed;
        Abandoned += figures.Abandoned;
        if (withDurations && figures.Finished > 0)
        {
            _back.Add((minute, figures));
            (_sumOfBack ??= new()).Merge(figures);
        }
    }

    /// <summary>Removes the minutes before one.</summary>
    public void RemoveBefore(long minute)
    {
        while (_counts.TryPeek(out var first) && first.Minute < minute)
        {
            _counts.Dequeue();
            Finished -= first.Finished;
            Failed -= first.Failed;
            Abandoned -= first.Abandoned;
        }

        while (_front.TryPeek(out var first) && first.Minute < minute)
        {
            _front.Pop();
        }

        if (_front.Count == 0 && _back.Count > 0 && _back[0].Minute < minute)
        {
            Turn(minute);
        }
    }

    /// <inheritdoc/>
    public double? Quantile(double q)
    {
        if (!_front.TryPeek(out var front))
        {
            return _sumOfBack?.Quantile(q);
        }

        if (_sumOfBack is null)
        {
            return front.Sum.Quantile(q);
        }

        var all = front.Sum.Clone();
        all.Merge(_sumOfBack);
        return all.Quantile(q);
    }

    /// <summary>Makes the back the front, without the minutes before one.</summary>
    private void Turn(long minute)
    {
        StatisticsBuilder? sum = null;
        for (int i = _back.Count - 1; i >= 0 && _back[i].Minute >= minute; i--)
        {
            var next = _back[i].Figures.Clone();
            if (sum is not null)
            {
                next.Merge(sum);
            }

            _front.Push((_back[i].Minute, next));
            sum = next;
        }

        _back.Clear();
        _sumOfBack = null;
    }
}
