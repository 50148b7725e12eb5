using PerfPortal.Domain.Journal;
using PerfPortal.Domain.Operations;

namespace PerfPortal.Domain.Tracking;

/// <summary>
/// Processes reports of operations from clients. Each method returns when its change is durable, and each report is
/// idempotent.
/// </summary>
/// <remarks>Each method throws <see cref="JournalUnavailableException"/> when the report cannot be accepted at the time.</remarks>
public sealed class OperationReports
{
    private readonly ActiveOperations _active;
    private readonly OperationJournal _journal;
    private readonly IOperationReader _reader;
    private readonly TimeProvider _time;
    private readonly AcceptedEnds _accepted;
    private readonly EndClaims _claims;
    private readonly OperationStarts _starts;
    private readonly EndedOperations _ended;

    /// <summary>Creates the reports of a portal.</summary>
    public OperationReports(ActiveOperations active, OperationJournal journal, IOperationReader reader, RetentionHorizons horizons, TimeProvider time)
    {
        (_active, _journal, _reader, _time) = (active, journal, reader, time);
        _accepted = new(horizons);
        _claims = new(active, time);
        _starts = new(active, journal);
        _ended = new(active, journal, _accepted, _claims, time);
    }

    private DateTimeOffset Now => _time.GetUtcNow().ToWholeMicroseconds();

    /// <summary>Starts an operation. A known id changes nothing.</summary>
    public Task<ReportResult> StartAsync(Operation operation, CancellationToken cancellationToken) => StartAsync(operation, _time.GetUtcNow(), cancellationToken);

    /// <summary>Starts an operation. A known id changes nothing.</summary>
    /// <param name="operation">The operation; its start time is <paramref name="arrivedAt"/> if the client stated none.</param>
    /// <param name="arrivedAt">When the report arrived.</param>
    /// <param name="cancellationToken">Cancels the operation.</param>
    public async Task<ReportResult> StartAsync(Operation operation, DateTimeOffset arrivedAt, CancellationToken cancellationToken)
    {
        if (_active.Find(operation.Id) is null && await FindEndedAsync(operation, arrivedAt, cancellationToken).ConfigureAwait(false) is { } ended)
        {
            return new(ReportOutcome.Unchanged, ended);
        }

        var started = operation.WithEvent(arrivedAt.ToWholeMicroseconds(), RunningTime.Started);
        var (entry, isNew) = await _starts.BeginAsync(started, _time.GetUtcNow(), _ => { }, cancellationToken).ConfigureAwait(false);
        return new(isNew ? ReportOutcome.Accepted : ReportOutcome.Unchanged, entry.Current);
    }

    /// <summary>Applies progress, metadata or a heartbeat, which is stored within a few seconds.</summary>
    public async Task<ReportResult> UpdateAsync(
        Guid id, Progress? progress, IReadOnlyList<KeyValuePair<string, MetadataValue>> metadata, CancellationToken cancellationToken)
    {
        if (_active.Find(id) is { } entry)
        {
            return Report(entry, progress, metadata, Now);
        }

        return await _reader.FindAsync(id, cancellationToken).ConfigureAwait(false) is not { } ended
            ? new(ReportOutcome.Unknown, null)
            : ended.Status == OperationStatus.Abandoned
                ? await ReviveAsync(ended, progress, metadata, cancellationToken).ConfigureAwait(false)
                : new(ReportOutcome.Contradicted, ended);
    }

    /// <summary>Ends an operation, including an abandoned one.</summary>
    public async Task<ReportResult> CompleteAsync(Guid id, Ending ending, CancellationToken cancellationToken)
    {
        while (_active.Find(id) is { } entry)
        {
            if (entry.TryClaim() is not { } current)
            {
                await _claims.SettledAsync(entry, cancellationToken).ConfigureAwait(false);
                continue;
            }

            return await EndAsync(entry, current, ending, cancellationToken).ConfigureAwait(false);
        }

        if (await _reader.FindAsync(id, cancellationToken).ConfigureAwait(false) is not { } stored)
        {
            return new(ReportOutcome.Unknown, null);
        }

        if (stored.Status != OperationStatus.Abandoned)
        {
            return new(stored.Status == ending.Status ? ReportOutcome.Unchanged : ReportOutcome.Contradicted, stored);
        }

        var now = Now;
        var late = ending.ApplyTo(ClockSkew.WithStatedStart(stored), now).WithEvent(now, ending.Status.WireName(), "Reported after it was abandoned.");
        return Check(late, ending) is { } rejection
            ? new(ReportOutcome.Rejected, stored, rejection)
            : await StoreAsync(late, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>
    /// Records ended operations. An id that is in progress ends that operation, which keeps its type, name, source and start time.
    /// </summary>
    /// <returns>One result per operation, in order; valid ones are stored even if others are rejected.</returns>
    public Task<IReadOnlyList<ReportResult>> RecordAsync(IReadOnlyList<Operation> operations, CancellationToken cancellationToken) =>
        _ended.RecordAsync(operations, cancellationToken);

    /// <summary>Abandons operations in progress in one submission; skips operations that another caller is ending.</summary>
    internal async Task AbandonAsync(IReadOnlyList<(ActiveOperation Entry, Ending Ending)> abandoned, CancellationToken cancellationToken)
    {
        var claimed = new List<ActiveOperation>(abandoned.Count);
        var entries = new List<JournalEntry>(abandoned.Count);
        try
        {
            var now = Now;
            foreach (var (entry, ending) in abandoned)
            {
                if (entry.TryClaim() is { } current)
                {
                    claimed.Add(entry);
                    entries.Add(new OperationEnded(ending.ApplyTo(current, now).WithEvent(now, ending.Status.WireName())));
                }
            }

            await _journal.SubmitAsync(entries, cancellationToken).ConfigureAwait(false);
            claimed.ForEach(entry => _claims.Release(entry, true));
        }
        catch (Exception exception)
        {
            EndClaims.WhenKnown(exception, isStored => claimed.ForEach(entry => _claims.Release(entry, isStored)));
            throw;
        }
    }

    /// <summary>An id that was derived from an idempotency key is the only thing that a resend without a start time has in common with the first report.</summary>
    private ValueTask<Operation?> FindEndedAsync(Operation operation, DateTimeOffset arrivedAt, CancellationToken cancellationToken) =>
        operation.Id.Version == OperationIds.KeyedVersion && operation.StartTime == arrivedAt.ToWholeMicroseconds()
            ? _reader.FindAsync(operation.Id, cancellationToken)
            : _reader.FindAsync(operation.Id, operation.StartTime, cancellationToken);

    private ReportResult Report(ActiveOperation entry, Progress? progress, IReadOnlyList<KeyValuePair<string, MetadataValue>> metadata, DateTimeOffset now)
    {
        var result = entry.Report(progress, metadata, now);
        _active.Touch();
        return result;
    }

    private async Task<ReportResult> EndAsync(ActiveOperation entry, Operation current, Ending ending, CancellationToken cancellationToken)
    {
        try
        {
            var now = Now;
            var finished = ending.ApplyTo(current, now).WithEvent(now, ending.Status.WireName());
            if (Check(finished, ending) is { } rejection)
            {
                entry.Release(false);
                return new(ReportOutcome.Rejected, current, rejection);
            }

            var result = await StoreAsync(finished, cancellationToken).ConfigureAwait(false);
            _claims.Release(entry, true);
            return result;
        }
        catch (Exception exception)
        {
            EndClaims.WhenKnown(exception, isStored => _claims.Release(entry, isStored));
            throw;
        }
    }

    /// <summary>Revives an abandoned operation that reports again: it is back in progress, and its next end replaces the previous one.</summary>
    private async Task<ReportResult> ReviveAsync(
        Operation abandoned, Progress? progress, IReadOnlyList<KeyValuePair<string, MetadataValue>> metadata, CancellationToken cancellationToken)
    {
        var now = Now;
        var revived = (ClockSkew.WithStatedStart(abandoned) with { Status = OperationStatus.Running, EndTime = null, ErrorType = null, ErrorMessage = null })
            .WithEvent(now, "revived", "It reported again after it was abandoned.");
        if (metadata.Count > 0 && AcceptedEnds.Check(revived.Metadata.With(metadata)) is { } rejection)
        {
            return new(ReportOutcome.Rejected, abandoned, rejection);
        }

        var (entry, isNew) = await _starts.BeginAsync(revived, now, begun => begun.Report(progress, metadata, now), cancellationToken).ConfigureAwait(false);
        return isNew ? new(ReportOutcome.Accepted, entry.Current) : Report(entry, progress, metadata, now);
    }

    private async Task<ReportResult> StoreAsync(Operation operation, CancellationToken cancellationToken)
    {
        var result = (await _journal.SubmitAsync([new OperationEnded(operation)], cancellationToken).ConfigureAwait(false))[0];
        return result.Outcome != EntryOutcome.Duplicate
            ? new(ReportOutcome.Accepted, operation)
            : new(result.Existing!.Status == operation.Status ? ReportOutcome.Unchanged : ReportOutcome.Contradicted, result.Existing);
    }

    private Rejection? Check(Operation ended, Ending ending) =>
        (ending.Metadata.Count > 0 ? AcceptedEnds.Check(ended.Metadata) : null) ?? _accepted.Check(ended, _time.GetUtcNow());
}
