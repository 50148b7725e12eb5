using Microsoft.Extensions.Logging;
using PerfPortal.Domain.Models.Downloads.Files;
using PerfPortal.Domain.Models.Downloads.Transport;

namespace PerfPortal.Domain.Models.Downloads.Transfers;

/// <summary>What the files of one download share.</summary>
internal sealed record TransferContext
{
    /// <summary>The clock.</summary>
    public required TimeProvider Time { get; init; }

    /// <summary>The log, or <see langword="null"/>.</summary>
    public required ILogger? Logger { get; init; }

    /// <summary>Random numbers from 0 to below 1.</summary>
    public required Func<double> Random { get; init; }

    /// <summary>Sends the requests.</summary>
    public required SourceClient Client { get; init; }

    /// <summary>The limits of the servers.</summary>
    public required HostLimits Hosts { get; init; }

    /// <summary>The numbers to use.</summary>
    public required TransferAdvice Advice { get; init; }

    /// <summary>The limits of retries.</summary>
    public required RetryLimits Retries { get; init; }

    /// <summary>The retries of the download.</summary>
    public required RetryLog RetryLog { get; init; }

    /// <summary>The connections of the download.</summary>
    public required ConnectionSlots Slots { get; init; }

    /// <summary>The room that the download still needs.</summary>
    public required SpacePromise Space { get; init; }

    /// <summary>The free bytes of the file system that holds a directory.</summary>
    public required Func<string, long?> FreeBytes { get; init; }
}

/// <summary>The figures of one file while it is loaded. Thread-safe.</summary>
internal sealed class TransferFigures
{
    private readonly Lock _lock = new();
    private readonly List<string> _notes = [];

    // Bounded by the connections.
    private readonly Dictionary<RetryState, DownloadWait> _waits = [];
    private long _received;
    private long _wasted;
    private long _done;
    private long _size = -1;
    private int _connections;
    private long _longestStall;

    /// <summary>The bytes received.</summary>
    public long Received => Interlocked.Read(ref _received);

    /// <summary>The bytes received and thrown away.</summary>
    public long Wasted => Interlocked.Read(ref _wasted);

    /// <summary>The bytes that are there.</summary>
    public long Done => Interlocked.Read(ref _done);

    /// <summary>The size in bytes, once known.</summary>
    public long? Size => Interlocked.Read(ref _size) is >= 0 and var size ? size : null;

    /// <summary>The connections of the file, whether they load or wait.</summary>
    public int Workers => Volatile.Read(ref _connections);

    /// <summary>The connections in use: those that do not wait for another attempt.</summary>
    public int Connections
    {
        get
        {
            lock (_lock)
            {
                return Math.Max(0, _connections - _waits.Values.Count(wait => wait.Until is not null));
            }
        }
    }

    /// <summary>Whether the transfer of the file has begun and not ended; meanwhile it may also wait.</summary>
    public bool IsActive { get; set; }

    /// <summary>Whether something of the file goes on: a connection does not wait for another attempt, or, without any, the transfer runs.</summary>
    public bool IsProceeding
    {
        get
        {
            lock (_lock)
            {
                return Workers > _waits.Count || (IsActive && _waits.Count == 0);
            }
        }
    }

    /// <summary>What the connections wait for that have failed and have not succeeded again.</summary>
    public IReadOnlyList<DownloadWait> Waits
    {
        get
        {
            lock (_lock)
            {
                return [.. _waits.Values];
            }
        }
    }

    /// <summary>Whether the server does not send it in parts, so that one connection loads it.</summary>
    public bool IsUndivided { get; set; }

    /// <summary>The longest time without progress after which the same attempt went on.</summary>
    public TimeSpan LongestStall => TimeSpan.FromTicks(Interlocked.Read(ref _longestStall));

    /// <summary>What happened that a person should know, at most ten sentences.</summary>
    public IReadOnlyList<string> Notes
    {
        get
        {
            lock (_lock)
            {
                return [.. _notes];
            }
        }
    }

    /// <summary>Counts received bytes.</summary>
    public void AddReceived(long bytes) => Interlocked.Add(ref _received, bytes);

    /// <summary>Counts bytes that were received in vain.</summary>
    public void AddWasted(long bytes) => Interlocked.Add(ref _wasted, bytes);

    /// <summary>Sets the bytes that are there.</summary>
    public void SetDone(long bytes) => Interlocked.Exchange(ref _done, bytes);

    /// <summary>Counts bytes that are there.</summary>
    public void AddDone(long bytes) => Interlocked.Add(ref _done, bytes);

    /// <summary>Sets the size.</summary>
    public void SetSize(long? bytes) => Interlocked.Exchange(ref _size, bytes ?? -1);

    /// <summary>Counts a connection that begins (1) or ends (-1).</summary>
    public void AddConnection(int change) => Interlocked.Add(ref _connections, change);

    /// <summary>Notes the longest time without progress of an attempt.</summary>
    public void AddStall(TimeSpan time)
    {
        lock (_lock)
        {
            Interlocked.Exchange(ref _longestStall, Math.Max(_longestStall, time.Ticks));
        }
    }

    /// <summary>Notes what a connection waits for; <see langword="null"/> when it works again or has ended.</summary>
    public void SetWait(RetryState connection, DownloadWait? wait)
    {
        lock (_lock)
        {
            if (wait is null)
            {
                _waits.Remove(connection);
            }
            else
            {
                _waits[connection] = wait;
            }
        }
    }

    /// <summary>Notes what a person should know.</summary>
    public void Note(string sentence)
    {
        lock (_lock)
        {
            if (_notes.Count < 10)
            {
                _notes.Add(sentence);
            }
        }
    }
}
