namespace PerfPortal.Domain.Models.Downloads.Transfers;

/// <summary>The connections that the files of a download share. Each file has one; what is left goes to whoever can use more. Thread-safe.</summary>
/// <param name="count">The number of connections, at least 1.</param>
internal sealed class ConnectionSlots(int count)
{
    private int _used;
    private int _most;

    /// <summary>The number of connections.</summary>
    public int Count => count;

    /// <summary>The connections in use.</summary>
    public int Used => Volatile.Read(ref _used);

    /// <summary>The most connections that were in use at once.</summary>
    public int Most => Volatile.Read(ref _most);

    /// <summary>Takes the first connection of a file, which it always gets.</summary>
    public void TakeFirst() => Note(Interlocked.Increment(ref _used));

    /// <summary>Takes a further one, if one is left.</summary>
    public bool TryTake()
    {
        int used = Volatile.Read(ref _used);
        while (used < count)
        {
            int seen = Interlocked.CompareExchange(ref _used, used + 1, used);
            if (seen == used)
            {
                Note(used + 1);
                return true;
            }

            used = seen;
        }

        return false;
    }

    /// <summary>Gives one back.</summary>
    public void Return() => Interlocked.Decrement(ref _used);

    private void Note(int used)
    {
        int most = Volatile.Read(ref _most);
        while (used > most && Interlocked.CompareExchange(ref _most, used, most) is var seen && seen != most)
        {
            most = seen;
        }
    }
}
