namespace PerfPortal.Domain.Client;

/// <summary>
/// Encoded reports that wait to be sent, bounded by number and bytes: when it is full, the oldest are dropped, because a portal that returns is asked about
/// the present first. Thread-safe.
/// </summary>
/// <param name="kind">What it holds.</param>
/// <param name="capacity">The maximum number of reports.</param>
/// <param name="maxBytes">The maximum number of bytes.</param>
internal sealed class ReportQueue(ReportKind kind, int capacity, long maxBytes)
{
    // An array of this length has about this much overhead.
    private const int BytesPerReport = 32;

    private readonly Lock _lock = new();
    private readonly Queue<byte[]> _waiting = new();

    // What could not be delivered, oldest on top; older than everything that waits.
    private readonly Stack<byte[]> _returned = new();
    private long _bytes;
    private long _added;
    private int _count;

    public ReportKind Kind => kind;

    public DeliveryTally Tally { get; } = new();

    public int Count => Volatile.Read(ref _count);

    /// <summary>The number of reports that were ever added.</summary>
    public long Added
    {
        get
        {
            lock (_lock)
            {
                return _added;
            }
        }
    }

    /// <summary>The number of the oldest reports that wait no more. While a batch is being sent it counts as gone.</summary>
    public long Gone
    {
        get
        {
            lock (_lock)
            {
                return _added - _count;
            }
        }
    }

    /// <summary>Whether it is time to move reports to the spill directory.</summary>
    public bool IsHalfFull
    {
        get
        {
            lock (_lock)
            {
                return _count >= (capacity + 1) / 2 || _bytes >= maxBytes / 2;
            }
        }
    }

    /// <summary>Adds a report.</summary>
    public void Add(byte[] report)
    {
        lock (_lock)
        {
            _waiting.Enqueue(report);
            _added++;
            Changed(1, report.Length);
            DropExcess();
        }
    }

    /// <summary>Takes the oldest reports, at least one if there are any.</summary>
    public IReadOnlyList<byte[]> Take(int count, long bytes)
    {
        lock (_lock)
        {
            var taken = new List<byte[]>(Math.Min(count, _count));
            while (taken.Count < count && _count > 0 && (taken.Count == 0 || bytes >= Peek().Length))
            {
                byte[] report = Remove();
                bytes -= report.Length;
                taken.Add(report);
            }

            return taken;
        }
    }

    /// <summary>Returns reports that were taken and not delivered, oldest first.</summary>
    public void Return(IReadOnlyList<byte[]> reports)
    {
        lock (_lock)
        {
            for (int i = reports.Count - 1; i >= 0; i--)
            {
                _returned.Push(reports[i]);
                Changed(1, reports[i].Length);
            }

            DropExcess();
        }
    }

    private byte[] Peek() => _returned.TryPeek(out byte[]? oldest) ? oldest : _waiting.Peek();

    private byte[] Remove()
    {
        byte[] oldest = _returned.TryPop(out byte[]? returned) ? returned : _waiting.Dequeue();
        Changed(-1, -oldest.Length);
        return oldest;
    }

    private void DropExcess()
    {
        while (_count > capacity || (_bytes > maxBytes && _count > 1))
        {
            Remove();
            Tally.CountDropped(1);
        }
    }

    private void Changed(int count, int length)
    {
        Volatile.Write(ref _count, _count + count);
        _bytes += length + (count * BytesPerReport);
    }
}
