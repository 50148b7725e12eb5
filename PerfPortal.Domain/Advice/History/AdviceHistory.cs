using PerfPortal.Domain.Journal;
using PerfPortal.Domain.Operations;
using PerfPortal.Domain.Statistics;

namespace PerfPortal.Domain.Advice.History;

/// <summary>
/// What advice learns from: the ended downloads, health checks and fallbacks of the last <see cref="Kept"/>. Updated by every commit, and read from the store at the start. Of each
/// type it holds at most 10,000 operations of 2,000 keys (source, name, host), 500 of each; keys without an operation for longest are dropped first. Thread-safe.
/// </summary>
public sealed class AdviceHistory(TimeProvider time) : ICommitListener, ISourceListener
{
    /// <summary>How far back operations count.</summary>
    public static readonly TimeSpan Kept = TimeSpan.FromDays(7);

    // Some that are read may be of no use, such as cancelled ones.
    private const int MaxRead = 2 * HistoryRings<PastDownload>.MaxOperations;

    private static readonly MetricType[] Types = [MetricType.DownloadOperation, MetricType.HealthCheck, MetricType.FallbackStrategy];

    private readonly Lock _lock = new();
    private readonly HistoryRings<PastDownload> _downloads = new();
    private readonly HistoryRings<PastCheck> _checks = new();
    private readonly HistoryRings<PastFallback> _fallbacks = new();
    private readonly HashSet<string> _removedWhileReading = new(StringComparer.Ordinal);
    private int _reading;

    /// <summary>Whether the store was read.</summary>
    public bool IsLoaded { get; private set; }

    /// <inheritdoc/>
    public void OnCommitted(CommitNotice notice)
    {
        ArgumentNullException.ThrowIfNull(notice);
        foreach (var operation in notice.Ended)
        {
            if (operation.MetricType <= MetricType.FallbackStrategy)
            {
                Learn(PastFacts.Of(operation));
            }
        }
    }

    /// <inheritdoc/>
    public void OnSourceRemoved(string source)
    {
        lock (_lock)
        {
            _downloads.Forget(source);
            _checks.Forget(source);
            _fallbacks.Forget(source);
            if (_reading > 0)
            {
                _removedWhileReading.Add(source);
            }
        }
    }

    /// <summary>Reads the latest operations from the store, at most 20,000 of a type; what is committed meanwhile is learned as well, once.</summary>
    public async Task LoadAsync(IOperationReader stored, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(stored);
        lock (_lock)
        {
            _reading++;
        }

        try
        {
            var range = new TimeRange(time.GetUtcNow() - Kept, DateTimeOffset.MaxValue);
            foreach (var type in Types)
            {
                int left = MaxRead;
                await stored.ScanAsync(
                    range, new() { Series = new() { MetricType = type } },
                    operation =>
                    {
                        Learn(PastFacts.Of(operation), isRead: true);
                        return --left > 0;
                    },
                    cancellationToken).ConfigureAwait(false);
            }

            IsLoaded = true;
        }
        finally
        {
            lock (_lock)
            {
                if (--_reading == 0)
                {
                    _removedWhileReading.Clear();
                }
            }
        }
    }

    /// <summary>Returns the downloads in the order of their ends.</summary>
    /// <param name="source">Only of this source.</param>
    /// <param name="name">Only of this name.</param>
    /// <param name="host">Only from this host.</param>
    public IReadOnlyList<PastDownload> Downloads(string? source = null, string? name = null, string? host = null) =>
        Find(_downloads, key => Passes(key, source, name) && (host is null || key.IsFrom(host)));

    /// <summary>Returns the health checks in the order of their ends.</summary>
    public IReadOnlyList<PastCheck> Checks(string? source = null, string? name = null) => Find(_checks, key => Passes(key, source, name));

    /// <summary>Returns the fallbacks in the order of their ends.</summary>
    public IReadOnlyList<PastFallback> Fallbacks(string? source = null, string? name = null) => Find(_fallbacks, key => Passes(key, source, name));

    private static bool Passes(HistoryKey key, string? source, string? name) => (source is null || key.Source == source) && (name is null || key.Name == name);

    private List<T> Find<T>(HistoryRings<T> rings, Func<HistoryKey, bool> passes)
        where T : PastOperation
    {
        var from = time.GetUtcNow() - Kept;
        lock (_lock)
        {
            return rings.Find(passes, from);
        }
    }

    private void Learn(PastOperation? operation, bool isRead = false)
    {
        if (operation is null)
        {
            return;
        }

        lock (_lock)
        {
            if (isRead && _removedWhileReading.Contains(operation.Key.Source))
            {
                return;
            }

            switch (operation)
            {
                case PastDownload download:
                    _downloads.Add(download);
                    break;
                case PastCheck check:
                    _checks.Add(check);
                    break;
                case PastFallback fallback:
                    _fallbacks.Add(fallback);
                    break;
            }
        }
    }
}
