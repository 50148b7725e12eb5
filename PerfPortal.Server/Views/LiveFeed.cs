using PerfPortal.Domain.Journal;
using PerfPortal.Domain.Operations;
using PerfPortal.Domain.Resources;
using PerfPortal.Domain.Tracking;

namespace PerfPortal.Server.Views;

/// <summary>What happened since the last message.</summary>
/// <param name="Sequence">Grows by one with every message.</param>
/// <param name="Ended">Operations that ended, oldest first; at most <see cref="LiveFeed.MaxEnded"/>.</param>
/// <param name="EndedCount">How many ended, those that are not named too.</param>
/// <param name="Samples">The newest sample of each host that was sampled.</param>
/// <param name="ActiveChanged">Whether operations in progress started, reported or ended.</param>
internal sealed record LiveMessage(
    long Sequence, IReadOnlyList<Operation> Ended, long EndedCount, IReadOnlyList<ResourceSample> Samples, bool ActiveChanged);

/// <summary>
/// Tells pages and hub clients what happened, coalesced to at most four messages a second however much happens. Pages listen to
/// <see cref="Changed"/>; they must return at once.
/// </summary>
internal sealed class LiveFeed(ActiveOperations active, TimeProvider time, ILogger<LiveFeed> logger) : BackgroundService, ICommitListener
{
    /// <summary>Ended operations that one message names at most; more are counted only.</summary>
    public const int MaxEnded = 200;

    private static readonly TimeSpan Period = TimeSpan.FromMilliseconds(250);

    private readonly Lock _lock = new();
    private readonly Dictionary<string, ResourceSample> _samples = new(StringComparer.Ordinal);
    private List<Operation> _ended = [];
    private long _endedCount;
    private long _activeVersion;
    private long _sequence;
    private long _version;

    /// <summary>Raised with every message, on the feed's own thread.</summary>
    public event Action<LiveMessage>? Changed;

    /// <summary>Grows with everything that becomes durable; who remembers it sees whether figures may have changed.</summary>
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
                _samples[sample.Source] = sample;
            }
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
        lock (_lock)
        {
            bool activeChanged = activeVersion != _activeVersion;
            if (!activeChanged && _endedCount == 0 && _samples.Count == 0)
            {
                return null;
            }

            var message = new LiveMessage(++_sequence, _ended, _endedCount, [.. _samples.Values], activeChanged);
            _activeVersion = activeVersion;
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
                logger.LogError(exception, "A listener of the live feed failed.");
            }
        }
    }
}
