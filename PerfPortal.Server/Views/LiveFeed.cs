using PerfPortal.Domain.Journal;
using PerfPortal.Domain.Operations;
using PerfPortal.Domain.Resources;
using PerfPortal.Domain.Tracking;

namespace PerfPortal.Server.Views;

/// <summary>The changes since the previous message.</summary>
/// <param name="Sequence">The sequence number, incremented with every message.</param>
/// <param name="Ended">Completed operations, oldest first; at most <see cref="LiveFeed.MaxEnded"/>.</param>
/// <param name="EndedCount">The number of completed operations, including those that are not listed.</param>
/// <param name="Samples">The newest sample of each sampled host.</param>
/// <param name="ActiveChanged">Whether an operation started, reported progress or completed.</param>
/// <param name="AlertsChanged">Whether an alert changed.</param>
internal sealed record LiveMessage(
    long Sequence, IReadOnlyList<Operation> Ended, long EndedCount, IReadOnlyList<ResourceSample> Samples, bool ActiveChanged, bool AlertsChanged = false);

/// <summary>
/// Notifies pages and hub clients of changes, coalesced to at most four messages per second at any load. Pages subscribe to
/// <see cref="Changed"/>; handlers must not block.
/// </summary>
/// <param name="active">The operations in progress.</param>
/// <param name="time">The clock.</param>
/// <param name="logger">The log.</param>
/// <param name="settings">A version of what people decide and set; a change of it alone is a message, too.</param>
/// <param name="alerts">The version of the alerts, 0 at first; likewise.</param>
internal sealed class LiveFeed(ActiveOperations active, TimeProvider time, ILogger<LiveFeed> logger, Func<long>? settings = null, Func<long>? alerts = null) : BackgroundService, ICommitListener, ISourceListener
{
    /// <summary>The maximum number of completed operations listed in a message; further ones are only counted.</summary>
    public const int MaxEnded = 200;

    private static readonly TimeSpan Period = TimeSpan.FromMilliseconds(250);

    private readonly Lock _lock = new();
    private readonly Dictionary<string, ResourceSample> _samples = new(StringComparer.Ordinal);
    private List<Operation> _ended = [];
    private long _endedCount;
    private long _activeVersion;
    private long _settingsVersion = settings?.Invoke() ?? 0;
    private long _alertsVersion;
    private long _sequence;
    private long _version;

    /// <summary>Raised for every message, on the feed's thread.</summary>
    public event Action<LiveMessage>? Changed;

    /// <summary>Incremented with every commit. Callers compare it to detect whether data may have changed.</summary>
    public long Version => Interlocked.Read(ref _version);

    /// <summary>The <see cref="LiveMessage.Sequence"/> of the newest message; 0 before the first.</summary>
    public long Sequence => Interlocked.Read(ref _sequence);

    /// <inheritdoc/>
    public void OnCommitted(CommitNotice notice)
    {
        Interlocked.Increment(ref _version);
        lock (_lock)
        {
            _endedCount += notice.Ended.Count;
            foreach (var operation in notice.Ended.Take(MaxEnded - _ended.Count))
            {
                _ended.Add(operation);
            }

            foreach (var sample in notice.Samples)
            {
                if (!_samples.TryGetValue(sample.Source, out var known) || known.SampledAt < sample.SampledAt)
                {
                    _samples[sample.Source] = sample;
                }
            }
        }
    }

    /// <inheritdoc/>
    public void OnSourceRemoved(string source)
    {
        Interlocked.Increment(ref _version);
        lock (_lock)
        {
            _ended.RemoveAll(operation => operation.Source == source);
            _samples.Remove(source);
        }
    }

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Period, time);
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken).ConfigureAwait(false))
            {
                if (Take() is { } message)
                {
                    Tell(message);
                }
            }
        }
        catch (OperationCanceledException)
        {
        }
    }

    private LiveMessage? Take()
    {
        long activeVersion = active.Version;
        long settingsVersion = settings?.Invoke() ?? 0;
        long alertsVersion = alerts?.Invoke() ?? 0;
        lock (_lock)
        {
            bool activeChanged = activeVersion != _activeVersion;
            bool alertsChanged = alertsVersion != _alertsVersion;
            if (!activeChanged && !alertsChanged && _endedCount == 0 && _samples.Count == 0 && settingsVersion == _settingsVersion)
            {
                return null;
            }

            var message = new LiveMessage(++_sequence, _ended, _endedCount, [.. _samples.Values], activeChanged, alertsChanged);
            _activeVersion = activeVersion;
            _settingsVersion = settingsVersion;
            _alertsVersion = alertsVersion;
            _ended = [];
            _endedCount = 0;
            _samples.Clear();
            return message;
        }
    }

    private void Tell(LiveMessage message)
    {
        foreach (var listener in Changed?.GetInvocationList() ?? [])
        {
            try
            {
                ((Action<LiveMessage>)listener)(message);
            }
            catch (Exception exception)
            {
                logger.LogError(exception, "A handler of the live feed failed.");
            }
        }
    }
}
