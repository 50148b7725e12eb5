using PerfPortal.Domain.Journal;
using PerfPortal.Domain.Operations;
using PerfPortal.Domain.Statistics;

namespace PerfPortal.Domain.Advice.History;

/// <summary>
/// What advice learns from: the ended downloads and fallbacks of the last <see cref="Kept"/>, and the health checks of the last <see cref="KeptChecks"/>. Updated by every commit, and read from the store at the start. Of each
/// type it holds at most 10,000 operations, and at most 1,000 of one source, name and host; the oldest are dropped first. Thread-safe.
/// </summary>
public sealed class AdviceHistory(TimeProvider time) : ICommitListener, ISourceListener
{
    /// <summary>How far back downloads and fallbacks count.</summary>
    public static readonly TimeSpan Kept = TimeSpan.FromDays(7);

    /// <summary>How far back health checks count: there are few of each model, and corruption is rare.</summary>
    public static readonly TimeSpan KeptChecks = TimeSpan.FromDays(28);

    /// <summary>The time for which the uses of models are counted.</summary>
    public static readonly TimeSpan KeptUses = TimeSpan.FromDays(7);

    /// <summary>The number of operations that an answer looks at: more would make it slower and hardly surer.</summary>
    public const int MaxPerAnswer = 1_000;

    // Some that are read may be of no use, such as cancelled ones.
    private const int MaxRead = 2 * LatestOperations<PastDownload>.MaxOperations;

    private static readonly MetricType[] Types = [MetricType.DownloadOperation, MetricType.HealthCheck, MetricType.FallbackStrategy];

    private readonly Lock _lock = new();
    private readonly LatestOperations<PastDownload> _downloads = new();
    private readonly LatestOperations<PastCheck> _checks = new();
    private readonly LatestOperations<PastFallback> _fallbacks = new();
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
            foreach (var type in Types)
            {
                var range = new TimeRange(time.GetUtcNow() - (type == MetricType.HealthCheck ? KeptChecks : Kept), DateTimeOffset.MaxValue);
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

    /// <summary>Returns the latest downloads in the order of their ends.</summary>
    /// <param name="source">Only of this source.</param>
    /// <param name="name">Only of this name.</param>
    /// <param name="host">Only from this host.</param>
    /// <param name="max">At most as many.</param>
    public IReadOnlyList<PastDownload> Downloads(string? source = null, string? name = null, string? host = null, int max = MaxPerAnswer) =>
        Find(_downloads, Kept, key => Passes(key, source, name) && (host is null || key.IsFrom(host)), max);

    /// <summary>Returns the latest health checks in the order of their ends.</summary>
    public IReadOnlyList<PastCheck> Checks(string? source = null, string? name = null, int max = MaxPerAnswer) => Find(_checks, KeptChecks, key => Passes(key, source, name), max);

    /// <summary>Returns the latest fallbacks in the order of their ends.</summary>
    public IReadOnlyList<PastFallback> Fallbacks(string? source = null, string? name = null, int max = MaxPerAnswer) => Find(_fallbacks, Kept, key => Passes(key, source, name), max);

    private static bool Passes(HistoryKey key, string? source, string? name) => (source is null || key.Source == source) && (name is null || key.Name == name);

    private List<T> Find<T>(LatestOperations<T> operations, TimeSpan kept, Func<HistoryKey, bool> passes, int max)
        where T : PastOperation
    {
        var from = time.GetUtcNow() - kept;
        lock (_lock)
        {
            return operations.Find(passes, from, max);
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
