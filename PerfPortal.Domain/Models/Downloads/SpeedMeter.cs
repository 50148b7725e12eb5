namespace PerfPortal.Domain.Models.Downloads;

/// <summary>The bytes per second of the last five seconds. Thread-safe.</summary>
internal sealed class SpeedMeter(TimeProvider time)
{
    private static readonly TimeSpan Span = TimeSpan.FromSeconds(5);

    private readonly Lock _lock = new();

    // Bounded by the span and the rate of calls.
    private readonly Queue<(long At, long Bytes)> _marks = new();
    private double _rate;

    /// <summary>The bytes per second.</summary>
    public double BytesPerSecond
    {
        get
        {
            lock (_lock)
            {
                return _rate;
            }
        }
    }

    /// <summary>Notes the bytes received so far.</summary>
    public void Mark(long bytes)
    {
        lock (_lock)
        {
            long now = time.GetTimestamp();
            _marks.Enqueue((now, bytes));
            while (_marks.Count > 2 && time.GetElapsedTime(_marks.Peek().At, now) > Span)
            {
                _marks.Dequeue();
            }

            double seconds = time.GetElapsedTime(_marks.Peek().At, now).TotalSeconds;
            _rate = seconds > 0 ? (bytes - _marks.Peek().Bytes) / seconds : 0;
        }
    }
}
