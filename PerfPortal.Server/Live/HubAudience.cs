using Microsoft.AspNetCore.SignalR;
using PerfPortal.Domain.Operations;

namespace PerfPortal.Server.Live;

/// <summary>All who listen to one topic through one filter: what is said to one is said to all.</summary>
internal sealed class HubAudience(string topic, SeriesFilter filter)
{
    private readonly Lock _lock = new();
    private readonly HashSet<HubListener> _listeners = [];
    private HubListener[]? _all;

    /// <summary>The topic.</summary>
    public string Topic => topic;

    /// <summary>The filter.</summary>
    public SeriesFilter Filter => filter;

    /// <summary>Who listens now.</summary>
    public HubListener[] Listeners
    {
        get
        {
            lock (_lock)
            {
                return _all ??= [.. _listeners];
            }
        }
    }

    /// <summary>Somebody listens from now on.</summary>
    public void Add(HubListener listener)
    {
        lock (_lock)
        {
            _listeners.Add(listener);
            _all = null;
        }
    }

    /// <summary>Somebody listens no more.</summary>
    /// <returns>Whether nobody is left.</returns>
    public bool Remove(HubListener listener)
    {
        lock (_lock)
        {
            _listeners.Remove(listener);
            _all = null;
            return _listeners.Count == 0;
        }
    }
}

/// <summary>One connection that listens to one topic. At most one message is on its way to it.</summary>
internal sealed class HubListener(HubConnectionContext connection, HubAudience audience, IDisposable? watch) : IDisposable
{
    private int _busy = 1;
    private int _skipped;

    /// <summary>Where it listens.</summary>
    public HubConnectionContext Connection => connection;

    /// <summary>The way below its WebSocket; <see langword="null"/> until its snapshot went there, and where it has none.</summary>
    public FrameLane? Lane { get; set; }

    /// <summary>What it listens to.</summary>
    public HubAudience Audience => audience;

    /// <summary>Begins a message unless one is on its way; then what happens is skipped, and the next message is a snapshot. It starts busy with its first snapshot.</summary>
    public bool TryBegin(out bool skipped)
    {
        skipped = false;
        if (Interlocked.CompareExchange(ref _busy, 1, 0) != 0)
        {
            Volatile.Write(ref _skipped, 1);
            return false;
        }

        skipped = Interlocked.Exchange(ref _skipped, 0) != 0;
        return true;
    }

    /// <summary>The message was not written after all: the next is a snapshot.</summary>
    public void Skip()
    {
        Volatile.Write(ref _skipped, 1);
        End();
    }

    /// <summary>The message is delivered, or will never be.</summary>
    public void End() => Volatile.Write(ref _busy, 0);

    /// <inheritdoc/>
    public void Dispose() => watch?.Dispose();
}
