namespace PerfPortal.Server.Intake;

/// <summary>
/// Bounds the memory that the bodies of all concurrent requests take. The first <see cref="FreeBytes"/> of a buffer are not counted, so a full
/// budget delays batches but never a start, a heartbeat or a completion. Thread-safe.
/// </summary>
/// <param name="capacity">The budget in bytes.</param>
/// <param name="time">The clock.</param>
/// <param name="collect">Returns unused memory to the system; <see langword="null"/> for the garbage collector.</param>
internal sealed class BodyBudget(long capacity, TimeProvider time, Action? collect = null) : IDisposable
{
    /// <summary>The budget of the portal, in bytes.</summary>
    public const long PortalBytes = 128 * 1024 * 1024;

    /// <summary>The bytes of each buffer that are not counted: the pooled array for a body of <see cref="BodyLimits.Single"/>.</summary>
    public const int FreeBytes = 128 * 1024;

    // Buffers of rare large bodies stay resident until the next full collection, which may be hours away. Collecting after each of them would stop every
    // other request, so it waits until no large body has come for a while.
    private static readonly TimeSpan Calm = TimeSpan.FromMinutes(1);

    private readonly Lock _lock = new();
    private readonly Action _collect = collect ?? Collect;
    private ITimer? _collection;
    private long _used;

    /// <summary>The counted bytes.</summary>
    public long Used => Volatile.Read(ref _used);

    /// <summary>Adds bytes; <see langword="false"/>, and nothing added, when they exceed the budget.</summary>
    public bool TryTake(long bytes)
    {
        if (Interlocked.Add(ref _used, bytes) <= capacity)
        {
            return true;
        }

        Give(bytes);
        return false;
    }

    /// <summary>Returns bytes that were taken.</summary>
    public void Give(long bytes) => Interlocked.Add(ref _used, -bytes);

    /// <summary>Returns the memory of large bodies to the system once none has come for a minute.</summary>
    public void CollectLater()
    {
        lock (_lock)
        {
            _collection ??= time.CreateTimer(_ => _collect(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
            _collection.Change(Calm, Timeout.InfiniteTimeSpan);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _collection?.Dispose();

    // Only this mode returns the memory.
    private static void Collect() => GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
}

/// <summary>
/// The share that one request has taken of a <see cref="BodyBudget"/>. It is returned when the response ends, because until then the operations decoded from the body
/// take about as much memory as the body did.
/// </summary>
internal sealed class BodyCharge(BodyBudget budget) : IDisposable
{
    private const long LargeBytes = 16 * 1024 * 1024;

    private long _taken;
    private long _most;

    /// <summary>Counts a buffer.</summary>
    /// <exception cref="BodyBudgetException">The budget is used up.</exception>
    public void Take(int bytes)
    {
        int counted = Counted(bytes);
        if (counted > 0 && !budget.TryTake(counted))
        {
            throw new BodyBudgetException();
        }

        _taken += counted;
        _most = Math.Max(_most, _taken);
    }

    /// <summary>No longer counts a buffer that was replaced by a larger one.</summary>
    public void Give(int bytes)
    {
        int counted = Counted(bytes);
        budget.Give(counted);
        _taken -= counted;
    }

    /// <summary>Returns what is still counted. Idempotent.</summary>
    public void Dispose()
    {
        budget.Give(_taken);
        bool wasLarge = _most >= LargeBytes;
        (_taken, _most) = (0, 0);
        if (wasLarge)
        {
            budget.CollectLater();
        }
    }

    private static int Counted(int bytes) => Math.Max(0, bytes - BodyBudget.FreeBytes);
}

/// <summary>The bodies of all requests together are too large.</summary>
internal sealed class BodyBudgetException : Exception;
