using System.Collections;

namespace PerfPortal.Domain.Analysis.Anomalies;

/// <summary>The newest flags, addressed by an age below the capacity. Those never added are set.</summary>
/// <param name="capacity">The number of flags.</param>
internal sealed class AgedFlags(int capacity)
{
    private readonly BitArray _flags = new(capacity, true);
    private int _next;

    /// <summary>A flag by its age, from 0 for the newest.</summary>
    public bool this[int age] => _flags[IndexOf(age)];

    /// <summary>Adds the newest flag.</summary>
    public void Push(bool flag)
    {
        _flags[_next] = flag;
        _next = (_next + 1) % capacity;
    }

    /// <summary>Clears the newest flags.</summary>
    public void Clear(int count)
    {
        for (int age = 0; age < Math.Min(count, capacity); age++)
        {
            _flags[IndexOf(age)] = false;
        }
    }

    private int IndexOf(int age) => _next - 1 - age is var at && at < 0 ? at + capacity : at;
}
