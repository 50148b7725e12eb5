namespace PerfPortal.Domain.Client;

/// <summary>Counts what became of the reports of one kind. Thread-safe.</summary>
internal sealed class DeliveryTally
{
    private long _sent;
    private long _duplicates;
    private long _rejected;
    private long _full;
    private long _notEncodable;
    private long _spilled;
    private volatile string? _lastRejection;

    public long Dropped => Full + NotEncodable;

    /// <summary>Those that were dropped because there was no room, or no time, for them.</summary>
    public long Full => Interlocked.Read(ref _full);

    /// <summary>Those that were dropped because they could not be encoded.</summary>
    public long NotEncodable => Interlocked.Read(ref _notEncodable);

    public long Rejected => Interlocked.Read(ref _rejected);

    public string? LastRejection => _lastRejection;

    public void CountSent(long accepted, long duplicates)
    {
        Interlocked.Add(ref _sent, accepted);
        Interlocked.Add(ref _duplicates, duplicates);
    }

    public void CountRejected(string reason)
    {
        _lastRejection = reason;
        Interlocked.Increment(ref _rejected);
    }

    public void CountDropped(long count) => Interlocked.Add(ref _full, count);

    public void CountNotEncodable() => Interlocked.Increment(ref _notEncodable);

    public void CountSpilled(long count) => Interlocked.Add(ref _spilled, count);

    public DeliveryCounts Read(int queued, int inFiles, long alsoDropped = 0) => new(
        queued, inFiles, Interlocked.Read(ref _sent), Interlocked.Read(ref _duplicates), Rejected, Dropped + alsoDropped, Interlocked.Read(ref _spilled));
}
