using System.Collections.Concurrent;
using PerfPortal.Domain.Operations;

namespace PerfPortal.Domain.Journal;

/// <summary>
/// A number for each series that was read since the start, so that pages hold numbers and merging compares no texts.
/// Grows with the series that the store holds, which the bounds on names and sources bound. Safe for use by many at once.
/// </summary>
public sealed class SeriesIndex
{
    private readonly ConcurrentDictionary<SeriesKey, int> _numbers = new();
    private readonly Lock _lock = new();
    private SeriesKey[] _keys = new SeriesKey[16];
    private volatile int _count;

    /// <summary>How many series have a number; numbers go from 0 to this less 1.</summary>
    public int Count => _count;

    /// <summary>The series of a number.</summary>
    /// <exception cref="ArgumentOutOfRangeException">No series has that number.</exception>
    public SeriesKey this[int number]
    {
        get
        {
            ArgumentOutOfRangeException.ThrowIfNegative(number);
            ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(number, _count);
            return _keys[number];
        }
    }

    /// <summary>The number of a series, a new one when it has none.</summary>
    public int Of(SeriesKey series)
    {
        if (_numbers.TryGetValue(series, out int known))
        {
            return known;
        }

        lock (_lock)
        {
            if (_numbers.TryGetValue(series, out known))
            {
                return known;
            }

            if (_count == _keys.Length)
            {
                var larger = new SeriesKey[_keys.Length * 2];
                _keys.CopyTo(larger, 0);
                Volatile.Write(ref _keys, larger);
            }

            _keys[_count] = series;
            _count++;
            _numbers[series] = _count - 1;
            return _count - 1;
        }
    }
}
