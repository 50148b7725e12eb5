namespace PerfPortal.Domain.Alerts.Preview;

/// <summary>
/// For every minute of a subject, the value that a threshold must be beyond to raise nothing: the least extreme value since the rule's <c>for</c>. Kept in a queue in which each value is
/// more extreme than those before it, so that a minute costs the same however long that is. Not thread-safe.
/// </summary>
internal sealed class SustainedValues(int minutes, bool isAbove)
{
    private readonly LinkedList<(long Minute, double Value)> _least = new();
    private long _since;
    private long _last = long.MinValue;

    /// <summary>Takes the value of a minute; returns the sustained one, or <see langword="null"/> while there are not enough minutes in a row.</summary>
    public double? Add(long minute, double value)
    {
        if (minute != _last + 1)
        {
            _least.Clear();
            _since = minute;
        }

        _last = minute;
        while (_least.Last is { } last && (isAbove ? last.Value.Value >= value : last.Value.Value <= value))
        {
            _least.RemoveLast();
        }

        _least.AddLast((minute, value));
        while (_least.First!.Value.Minute < minute - minutes)
        {
            _least.RemoveFirst();
        }

        return minute - _since >= minutes ? _least.First.Value.Value : null;
    }
}
