using System.Threading.RateLimiting;

namespace PerfPortal.Server.Views;

/// <summary>The reads that cost much time or memory, by the resource they compete for.</summary>
internal enum HeavyRead
{
    /// <summary>Reports, comparisons, benchmarks and analyses on demand: every name of a long range in memory.</summary>
    Comparison,

    /// <summary>Files of up to 100,000 operations. Limited separately, because a slow client holds its place for a long time.</summary>
    Export,

    /// <summary>Filtered lists and histories, which may scan many rows.</summary>
    Search,

    /// <summary>The dashboard of one source.</summary>
    Source,
}

/// <summary>Thrown when too many reads of a kind are already waiting.</summary>
internal sealed class PortalBusyException() : Exception("The portal is busy with other requests of this kind. Try again in a few seconds.");

/// <summary>
/// Runs few heavy reads at once and lets few wait, so that neither memory nor the ordinary dashboard suffers. A page waits longer than an API request: it asks again only after it
/// has received its result.
/// </summary>
internal sealed class HeavyReads : IDisposable
{
    /// <summary>How long a rejected client should wait.</summary>
    public static readonly TimeSpan RetryAfter = TimeSpan.FromSeconds(5);

    private const int MaxWaitingPages = 64;

    private readonly Dictionary<HeavyRead, (ConcurrencyLimiter Limiter, int MaxWaiting)> _limits = new()
    {
        [HeavyRead.Comparison] = (Limiter(Math.Clamp(Environment.ProcessorCount / 2, 1, 2)), 8),
        [HeavyRead.Export] = (Limiter(2), 4),
        [HeavyRead.Search] = (Limiter(Math.Max(Environment.ProcessorCount, 2)), 32),
        [HeavyRead.Source] = (Limiter(1), 32),
    };

    /// <summary>Waits for a place on behalf of a request; <see langword="null"/> when too many wait. Dispose of the lease to make room.</summary>
    public async ValueTask<IDisposable?> EnterAsync(HeavyRead kind, CancellationToken cancellationToken)
    {
        var (limiter, maxWaiting) = _limits[kind];
        if (limiter.GetStatistics()?.CurrentQueuedCount >= maxWaiting)
        {
            return null;
        }

        var lease = await limiter.AcquireAsync(1, cancellationToken).ConfigureAwait(false);
        return lease.IsAcquired ? lease : null;
    }

    /// <summary>Runs a read of a page when there is a place for it.</summary>
    /// <exception cref="PortalBusyException">Too many wait.</exception>
    public async Task<T> RunAsync<T>(HeavyRead kind, Func<Task<T>> read, CancellationToken cancellationToken)
    {
        using var lease = await _limits[kind].Limiter.AcquireAsync(1, cancellationToken).ConfigureAwait(false);
        return lease.IsAcquired ? await read().ConfigureAwait(false) : throw new PortalBusyException();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var (limiter, _) in _limits.Values)
        {
            limiter.Dispose();
        }
    }

    private static ConcurrencyLimiter Limiter(int permits) =>
        new(new() { PermitLimit = permits, QueueLimit = MaxWaitingPages, QueueProcessingOrder = QueueProcessingOrder.OldestFirst });
}
