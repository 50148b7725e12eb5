using PerfPortal.Domain.Operations;
using PerfPortal.Domain.Statistics;

namespace PerfPortal.Domain.Journal;

/// <summary>
/// The latest failed operations in a range, cached because every analysis run reads them. When this process is the only writer, they are read from the store once a
/// minute and updated from commits in between. The cache contains at most twice <see cref="MaxItems"/> operations, without their long members. Thread-safe.
/// </summary>
/// <remarks>
/// Operations stored by a commit with an uncertain result, and deletions by retention, show up with the next read. Ranges that ended in the past and the portal's own
/// operations are always read from the store.
/// </remarks>
public sealed class LatestFailures(IOperationReader stored, TimeProvider time) : ICommitListener, ISourceListener
{
    /// <summary>The maximum number of failures returned.</summary>
    public const int MaxItems = 500;

    // More than are returned, so that a few failures outside the range (for example from a clock that is ahead) do not force a read from the store.
    private const int Held = 2 * MaxItems;

    private static readonly TimeSpan Trusted = TimeSpan.FromMinutes(1);

    private readonly Lock _lock = new();
    private readonly List<Operation> _latest = []; // The reverse of OperationOrders.LatestFirst.
    private DateTimeOffset _from = DateTimeOffset.MaxValue;
    private long? _readAt;
    private int _reading;

    /// <inheritdoc/>
    public void OnCommitted(CommitNotice notice)
    {
        lock (_lock)
        {
            foreach (var operation in notice.Ended)
            {
                if (operation.Status == OperationStatus.Failed && operation.EndTime >= _from && operation.Source != PortalSource.Name)
                {
                    Learn(operation);
                }
            }
        }
    }

    /// <summary>Forgets everything, including what is being read.</summary>
    public void OnSourceRemoved(string source)
    {
        lock (_lock)
        {
            _latest.Clear();
            _from = DateTimeOffset.MaxValue;
            _readAt = null;
            _reading++;
        }
    }

    /// <summary>
    /// Returns the latest failures in a range in the order of <see cref="OperationOrders.LatestFirst"/>, at most <see cref="MaxItems"/>. Metadata, events, resource usage and error messages may be missing.
    /// </summary>
    /// <param name="range">The range of end times.</param>
    /// <param name="source">The source, or <see langword="null"/> for all sources except the portal itself.</param>
    /// <param name="cancellationToken">Cancels the operation.</param>
    public async Task<IReadOnlyList<Operation>> ReadAsync(TimeRange range, string? source, CancellationToken cancellationToken)
    {
        if (source == PortalSource.Name || range.To < time.GetUtcNow() - Trusted)
        {
            return await ScanAsync(range, source, MaxItems, cancellationToken).ConfigureAwait(false);
        }

        if (!IsTrusted(range))
        {
            await LearnAsync(range.From, cancellationToken).ConfigureAwait(false);
        }

        return Find(range, source) ?? await ScanAsync(range, source, MaxItems, cancellationToken).ConfigureAwait(false);
    }

    private bool IsTrusted(TimeRange range)
    {
        lock (_lock)
        {
            return range.From >= _from && _readAt is { } read && time.GetElapsedTime(read) < Trusted;
        }
    }

    /// <summary>Reloads from the store. Commits are recorded from before the read starts, so none is missed.</summary>
    private async Task LearnAsync(DateTimeOffset from, CancellationToken cancellationToken)
    {
        int reading;
        lock (_lock)
        {
            _latest.Clear();
            _from = from;
            _readAt = null;
            reading = ++_reading;
        }

        var read = await ScanAsync(new(from, DateTimeOffset.MaxValue), null, Held, cancellationToken).ConfigureAwait(false);
        lock (_lock)
        {
            if (reading != _reading)
            {
                return; // Another caller started a newer reload.
            }

            for (int i = read.Count - 1; i >= 0; i--)
            {
                Learn(read[i]);
            }

            _readAt = time.GetTimestamp();
        }
    }

    /// <summary>Returns the failures in a range, or <see langword="null"/> when the cache may have evicted some of them.</summary>
    private List<Operation>? Find(TimeRange range, string? source)
    {
        lock (_lock)
        {
            if (range.From < _from || _readAt is null)
            {
                return null;
            }

            var passing = new List<Operation>(Math.Min(_latest.Count, MaxItems));
            for (int i = _latest.Count - 1; i >= 0 && _latest[i].EndTime >= range.From && passing.Count < MaxItems; i--)
            {
                if (_latest[i].EndTime < range.To && (source is null || _latest[i].Source == source))
                {
                    passing.Add(_latest[i]);
                }
            }

            bool isAll = passing.Count == MaxItems || _latest.Count < Held || _latest[0].EndTime < range.From;
            return isAll ? passing : null;
        }
    }

    private async Task<List<Operation>> ScanAsync(TimeRange range, string? source, int max, CancellationToken cancellationToken)
    {
        var latest = new LatestCollector(max);
        await stored.ScanOutlinesAsync(
            range, new() { Series = new() { Source = source, Status = OperationStatus.Failed } }, latest.Add, cancellationToken).ConfigureAwait(false);
        return latest.ToList();
    }

    private void Learn(Operation operation)
    {
        int at = _latest.Count;
        while (at > 0 && OperationOrders.LatestFirst.Compare(_latest[at - 1], operation) < 0)
        {
            at--;
        }

        if (at > 0 && _latest[at - 1].Id == operation.Id && _latest[at - 1].EndTime == operation.EndTime)
        {
            return;
        }

        if (_latest.Count == Held)
        {
            if (at == 0)
            {
                return;
            }

            _latest.RemoveAt(0);
            at--;
        }

        _latest.Insert(at, Outline(operation));
    }

    private static Operation Outline(Operation operation) => new()
    {
        Id = operation.Id,
        MetricType = operation.MetricType,
        Name = operation.Name,
        Source = operation.Source,
        Status = operation.Status,
        StartTime = operation.StartTime,
        EndTime = operation.EndTime,
        ErrorType = operation.ErrorType,
    };
}
