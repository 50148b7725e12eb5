namespace PerfPortal.Domain.Statistics.Anomalies;

/// <summary>The newest values of a series, newest first, in one contiguous span.</summary>
/// <param name="capacity">The number of values kept.</param>
internal sealed class RecentValues(int capacity)
{
    // A quarter more than is kept: the values move only once in so many additions.
    private readonly float[] _buffer = new float[capacity + (capacity / 4) + 1];
    private int _head = capacity + (capacity / 4) + 1;

    /// <summary>The number of values.</summary>
    public int Count { get; private set; }

    /// <summary>The values, newest first.</summary>
    public ReadOnlySpan<float> Span => _buffer.AsSpan(_head, Count);

    /// <summary>Adds the newest value.</summary>
    public void Push(float value)
    {
        if (_head == 0)
        {
            int kept = Math.Min(Count, capacity - 1);
            _head = _buffer.Length - kept;
            _buffer.AsSpan(0, kept).CopyTo(_buffer.AsSpan(_head));
        }

        _buffer[--_head] = value;
        Count = Math.Min(Count + 1, capacity);
    }
}
