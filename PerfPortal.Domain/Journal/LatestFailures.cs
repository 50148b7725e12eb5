using PerfPortal.Domain.Operations;
using PerfPortal.Domain.Statistics;

namespace PerfPortal.Domain.Journal;

/// <summary>
/// The latest failed operations of a range. Where this process alone writes to the store they are read once a minute and in between learned from commits,
/// for an analysis asks for them each time it runs. Bounded by <see cref="MaxItems"/>: twice as many are held, without what may be long. Safe for use by many at once.
/// </summary>
/// <remarks>
/// What a commit stored without being able to say so, and what retention deleted, shows with the next reading. Ranges that ended long ago, and the portal's own
/// operations, are read each time.
/// </remarks>
public sealed class LatestFailures(IOperationReader stored, TimeProvider time) : ICommitListener
{
    /// <summary>The most failures that are told.</summary>
    public const int MaxItems = 500;

    // More than are told, so that a few that a range does not want (of a clock that is ahead, say) do not send it to the store.
    private const int Held = 2 * MaxItems;

    private static readonly TimeSpan Trusted = TimeSpan.FromMinutes(1);

    private readonly Lock _lock = new();
    private readonly List<Operation> _latest = []; // The earliest end first.
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

    /// <summary>
    /// The latest failures of a range, latest end first, at most <see cref="MaxItems"/>. Metadata, events, resource usage and error messages may be missing.
    /// </summary>
    /// <param name="range">The range over ends.</param>
    /// <param name="source">Whose, or <see langword="null"/> for those of all but the portal itself.</param>
    /// <param name="cancellationToken">Stops the reading.</param>
    public async Task<IReadOnlyList<Operation>> ReadAsync(TimeRange range, string? source, CancellationToken cancellationToken)
    {
        if (stored.IsShared || source == PortalSource.Name || range.To < time.GetUtcNow() - Trusted)
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

    /// <summary>Reads what is stored. Commits are listened to before: none falls between the reading and the listening.</summary>
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
                return; // Somebody began anew, from another time.
            }

            for (int i = read.Count - 1; i >= 0; i--)
            {
                Learn(read[i]);
            }

            _readAt = time.GetTimestamp();
        }
    }

    /// <summary>The answer, if what is held is certain to have it: none that was left out at the bound may belong to it.</summary>
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
        var operations = new List<Operation>();
        await stored.ScanOutlinesAsync(
            range, new() { Series = new() { Source = source, Status = OperationStatus.Failed } },
            operation =>
            {
                operations.Add(operation);
                return operations.Count < max;
            },
            cancellationToken).ConfigureAwait(false);
        return operations;
    }

    private void Learn(Operation operation)
    {
        int at = _latest.Count;
        while (at > 0 && _latest[at - 1].EndTime > operation.EndTime)
        {
            at--;
        }

        for (int i = at - 1; i >= 0 && _latest[i].EndTime == operation.EndTime; i--)
        {
            if (_latest[i].Id == operation.Id)
            {
                return;
            }
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
