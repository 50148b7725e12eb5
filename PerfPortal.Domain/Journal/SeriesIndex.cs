using System.Collections.Concurrent;
using PerfPortal.Domain.Operations;

namespace PerfPortal.Domain.Journal;

/// <summary>
/// Assigns a number to each series read since startup, so that pages contain numbers and merging compares no strings.
/// Grows with the number of stored series, which the limits on names and sources bound. Thread-safe.
/// </summary>
public sealed class SeriesIndex
{
    private readonly ConcurrentDictionary<SeriesKey, int> _numbers = new();
    private readonly Lock _lock = new();
    private SeriesKey[] _keys = new SeriesKey[16];
    private volatile int _count;

    /// <summary>The number of series; they are numbered from 0 to <see cref="Count"/> − 1.</summary>
    public int Count => _count;

    /// <summary>The series with a number.</summary>
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

    /// <summary>Returns the number of a series, assigning a new one if necessary.</summary>
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
