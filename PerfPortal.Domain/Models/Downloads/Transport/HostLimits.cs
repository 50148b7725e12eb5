namespace PerfPortal.Domain.Models.Downloads.Transport;

/// <summary>The limit of one server: its bandwidth, and the time before which it wants no request.</summary>
/// <param name="own">The bandwidth of this server, or <see langword="null"/> for no limit.</param>
/// <param name="all">The bandwidth of all servers together, or <see langword="null"/> for no limit.</param>
/// <param name="time">The clock.</param>
internal sealed class HostLimit(TokenBucket? own, TokenBucket? all, TimeProvider time)
{
    private long _notBefore;
    private volatile string _reason = "";

    /// <summary>The most to receive at once, bytes.</summary>
    public int MaxChunk { get; } = Math.Min(own?.MaxChunk ?? int.MaxValue, all?.MaxChunk ?? int.MaxValue);

    /// <summary>Counts received bytes, and says how long to wait before the next ones.</summary>
    public TimeSpan Take(int bytes)
    {
        var first = own?.Take(bytes) ?? TimeSpan.Zero;
        var second = all?.Take(bytes) ?? TimeSpan.Zero;
        return first > second ? first : second;
    }

    /// <summary>When the server wants requests again; past if it wants them now.</summary>
    public DateTimeOffset NotBefore => new(Interlocked.Read(ref _notBefore), TimeSpan.Zero);

    /// <summary>Why it wants none, as a sentence.</summary>
    public string Reason => _reason;

    /// <summary>Lets no request begin before a time from now on has passed.</summary>
    /// <param name="wait">The time.</param>
    /// <param name="reason">Why, as a sentence.</param>
    public void Pause(TimeSpan wait, string reason)
    {
        _reason = reason;
        long until = time.GetUtcNow().UtcTicks + wait.Ticks;
        long known = Interlocked.Read(ref _notBefore);
        while (until > known)
        {
            long seen = Interlocked.CompareExchange(ref _notBefore, until, known);
            if (seen == known)
            {
                return;
            }

            known = seen;
        }
    }

    /// <summary>Waits until the server wants requests again.</summary>
    public async ValueTask WaitAsync(CancellationToken cancellationToken)
    {
        while (Interlocked.Read(ref _notBefore) - time.GetUtcNow().UtcTicks is > 0 and var ticks)
        {
            await Task.Delay(TimeSpan.FromTicks(ticks), time, cancellationToken).ConfigureAwait(false);
        }
    }
}

/// <summary>The limits of the servers, kept by host. Thread-safe; when it knows too many hosts, it forgets them all.</summary>
/// <param name="perHost">Bytes per second for each host, or <see langword="null"/>.</param>
/// <param name="global">Bytes per second for all, or <see langword="null"/>.</param>
/// <param name="time">The clock.</param>
internal sealed class HostLimits(double? perHost, double? global, TimeProvider time)
{
    private const int MaxHosts = 1_000;

    private readonly Lock _lock = new();
    private readonly Dictionary<string, HostLimit> _hosts = new(StringComparer.OrdinalIgnoreCase);
    private readonly TokenBucket? _all = global is { } rate ? new(rate, time) : null;

    /// <summary>Says which share of the bandwidth of all servers to use now, above 0 up to 1.</summary>
    public void Use(double share) => _all?.Share = share;

    /// <summary>The limit of a host.</summary>
    public HostLimit Of(Uri uri)
    {
        lock (_lock)
        {
            if (!_hosts.TryGetValue(uri.Authority, out var limit))
            {
                if (_hosts.Count >= MaxHosts)
                {
                    _hosts.Clear();
                }

                _hosts[uri.Authority] = limit = new(perHost is { } own ? new(own, time) : null, _all, time);
            }

            return limit;
        }
    }
}
