using PerfPortal.Domain.Journal;
using PerfPortal.Domain.Operations;

namespace PerfPortal.Domain.Tracking;

/// <summary>The outcome of a report.</summary>
public enum ReportOutcome
{
    /// <summary>The change is stored durably.</summary>
    Accepted,

    /// <summary>The report contained nothing new; nothing was changed.</summary>
    Unchanged,

    /// <summary>The report contradicts the end of the operation.</summary>
    Contradicted,

    /// <summary>The operation is unknown.</summary>
    Unknown,

    /// <summary>The report was rejected for the given reason.</summary>
    Rejected,
}

/// <summary>The result of a report.</summary>
/// <param name="Outcome">The outcome.</param>
/// <param name="Operation">The current operation, if it exists.</param>
/// <param name="Reason">The reason for a rejection, in one sentence that contains the field and the limit.</param>
public readonly record struct ReportResult(ReportOutcome Outcome, Operation? Operation, string? Reason = null);

/// <summary>
/// Processes reports of operations from clients. Each method returns when its change is durable, and each report is
/// idempotent.
/// </summary>
/// <remarks>Each method throws <see cref="JournalUnavailableException"/> when the report cannot be accepted at the time.</remarks>
public sealed class OperationReports(ActiveOperations active, OperationJournal journal, IOperationReader reader, RetentionHorizons horizons, TimeProvider time)
{
    /// <summary>The kind of the first event of a reported operation; its time is when the start arrived.</summary>
    internal const string Started = "started";

    private static readonly TimeSpan RoomRetry = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan SettleTimeout = TimeSpan.FromSeconds(35);

    /// <summary>Starts an operation. A known id changes nothing.</summary>
    public Task<ReportResult> StartAsync(Operation operation, CancellationToken cancellationToken) => StartAsync(operation, time.GetUtcNow(), cancellationToken);

    /// <summary>Starts an operation. A known id changes nothing.</summary>
    /// <param name="operation">The operation; its start time is <paramref name="arrivedAt"/> if the client stated none.</param>
    /// <param name="arrivedAt">When the report arrived.</param>
    /// <param name="cancellationToken">Cancels the operation.</param>
    public async Task<ReportResult> StartAsync(Operation operation, DateTimeOffset arrivedAt, CancellationToken cancellationToken)
    {
        if (active.Find(operation.Id) is null && await FindEndedAsync(operation, arrivedAt, cancellationToken).ConfigureAwait(false) is { } ended)
        {
            return new(ReportOutcome.Unchanged, ended);
        }

        var started = operation.WithEvent(arrivedAt.ToWholeMicroseconds(), Started);
        var (entry, isNew) = await BeginAsync(started, time.GetUtcNow(), _ => { }, cancellationToken).ConfigureAwait(false);
        return new(isNew ? ReportOutcome.Accepted : ReportOutcome.Unchanged, entry.Current);
    }

    /// <summary>Applies progress, metadata or a heartbeat, which is stored within a few seconds.</summary>
    public async Task<ReportResult> UpdateAsync(
        Guid id, Progress? progress, IReadOnlyList<KeyValuePair<string, MetadataValue>> metadata, CancellationToken cancellationToken)
    {
        if (active.Find(id) is { } entry)
        {
            var current = entry.Report(progress, metadata, time.GetUtcNow().ToWholeMicroseconds());
            active.Touch();
            return new(ReportOutcome.Accepted, current);
        }

        return await reader.FindAsync(id, cancellationToken).ConfigureAwait(false) is not { } ended
            ? new(ReportOutcome.Unknown, null)
            : ended.Status == OperationStatus.Abandoned
                ? await ReviveAsync(ended, progress, metadata, cancellationToken).ConfigureAwait(false)
                : new(ReportOutcome.Contradicted, ended);
    }

    /// <summary>Ends an operation, including an abandoned one.</summary>
    public async Task<ReportResult> CompleteAsync(Guid id, Ending ending, CancellationToken cancellationToken)
    {
        while (active.Find(id) is { } entry)
        {
            if (entry.TryClaim() is not { } current)
            {
                await SettledAsync(entry, cancellationToken).ConfigureAwait(false);
                continue;
            }

            return await EndAsync(entry, current, ending, cancellationToken).ConfigureAwait(false);
        }

        if (await reader.FindAsync(id, cancellationToken).ConfigureAwait(false) is not { } stored)
        {
            return new(ReportOutcome.Unknown, null);
        }

        if (stored.Status != OperationStatus.Abandoned)
        {
            return new(stored.Status == ending.Status ? ReportOutcome.Unchanged : ReportOutcome.Contradicted, stored);
        }

        var now = time.GetUtcNow().ToWholeMicroseconds();
        var late = ending.ApplyTo(stored, now).WithEvent(now, ending.Status.WireName(), "Reported after it was abandoned.");
        return Check(late) is { } reason ? new(ReportOutcome.Rejected, stored, reason) : await StoreAsync(late, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>
    /// Records ended operations. An id that is in progress ends that operation, which keeps its type, name, source and start time.
    /// </summary>
    /// <returns>One result per operation, in order; valid ones are stored even if others are rejected.</returns>
    public async Task<IReadOnlyList<ReportResult>> RecordAsync(IReadOnlyList<Operation> operations, CancellationToken cancellationToken)
    {
        var results = new ReportResult[operations.Count];
        var entries = new JournalEntry[operations.Count];
        int[]? places = null;
        int count = 0;
        List<(ActiveOperation Entry, int Place)>? claimed = null;
        var now = time.GetUtcNow();
        try
        {
            for (int i = 0; i < operations.Count; i++)
            {
                var operation = operations[i];
                if (active.Find(operation.Id) is { } entry && entry.TryClaim() is { } current)
                {
                    (claimed ??= []).Add((entry, i));
                    operation = Complete(current, operation, now.ToWholeMicroseconds());
                }

                if (Check(operation, now) is { } reason)
                {
                    results[i] = new(ReportOutcome.Rejected, operation, reason);
                    places ??= Enumerable.Range(0, operations.Count).ToArray();
                    continue;
                }

                results[i] = new(ReportOutcome.Accepted, operation);
                entries[count] = new OperationEnded(operation);
                if (places is not null)
                {
                    places[count] = i;
                }

                count++;
            }

            var taken = count == entries.Length ? (IReadOnlyList<JournalEntry>)entries : new ArraySegment<JournalEntry>(entries, 0, count);
            var stored = await journal.SubmitAsync(taken, cancellationToken).ConfigureAwait(false);
            for (int i = 0; i < stored.Count; i++)
            {
                if (stored[i].Outcome == EntryOutcome.Duplicate)
                {
                    results[places?[i] ?? i] = new(ReportOutcome.Unchanged, stored[i].Existing);
                }
            }

            Release(true);
            return results;
        }
        catch (Exception exception)
        {
            WhenKnown(exception, Release);
            throw;
        }

        void Release(bool isStored) => claimed?.ForEach(claim => this.Release(claim.Entry, isStored && results[claim.Place].Outcome != ReportOutcome.Rejected));
    }

    /// <summary>Abandons operations in progress in one submission; skips operations that another caller is ending.</summary>
    internal async Task AbandonAsync(IReadOnlyList<(ActiveOperation Entry, Ending Ending)> abandoned, CancellationToken cancellationToken)
    {
        var claimed = new List<ActiveOperation>(abandoned.Count);
        var entries = new List<JournalEntry>(abandoned.Count);
        try
        {
            var now = time.GetUtcNow().ToWholeMicroseconds();
            foreach (var (entry, ending) in abandoned)
            {
                if (entry.TryClaim() is { } current)
                {
                    claimed.Add(entry);
                    entries.Add(new OperationEnded(ending.ApplyTo(current, now).WithEvent(now, ending.Status.WireName())));
                }
            }

            await journal.SubmitAsync(entries, cancellationToken).ConfigureAwait(false);
            claimed.ForEach(entry => Release(entry, true));
        }
        catch (Exception exception)
        {
            WhenKnown(exception, isStored => claimed.ForEach(entry => Release(entry, isStored)));
            throw;
        }
    }

    /// <summary>Follows a failed submission in memory once it is known whether it was stored after all; usually at once.</summary>
    private static void WhenKnown(Exception failure, Action<bool> settle)
    {
        if (failure is JournalUnavailableException { Outcome: { } outcome })
        {
            _ = outcome.ContinueWith(
                task => settle(task.Exception is null && task.IsCompletedSuccessfully), CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);
        }
        else
        {
            settle(false);
        }
    }

    /// <summary>Releases the claim on an operation and, when its end is stored, takes it out of those in progress.</summary>
    private void Release(ActiveOperation entry, bool hasEnded)
    {
        if (hasEnded)
        {
            active.Remove(entry.Current.Id);
        }

        entry.Release(hasEnded);
    }

    /// <summary>Waits until another caller that ends an operation has its outcome.</summary>
    private async Task SettledAsync(ActiveOperation entry, CancellationToken cancellationToken)
    {
        try
        {
            await entry.Settled.WaitAsync(SettleTimeout, time, cancellationToken).ConfigureAwait(false);
        }
        catch (TimeoutException)
        {
            throw new JournalUnavailableException("The database is not responding: an earlier end of this operation is still being stored.", RoomRetry);
        }
    }

    /// <summary>
    /// Brings an operation into progress and returns when that is durable. One that is in progress already is left as it is; its own start decides when it is durable.
    /// </summary>
    private async Task<(ReportedOperation Entry, bool IsNew)> BeginAsync(
        Operation operation, DateTimeOffset now, Action<ReportedOperation> prepare, CancellationToken cancellationToken)
    {
        while (true)
        {
            var entry = active.TryAdd(operation, now, out bool isNew)
                ?? throw new JournalUnavailableException($"{ActiveOperations.Capacity} operations are in progress, which is the limit of the portal.", RoomRetry);
            if (isNew)
            {
                prepare(entry);
                await StoreFirstAsync(entry, cancellationToken).ConfigureAwait(false);
                return (entry, true);
            }

            try
            {
                await entry.FirstStore.WaitAsync(cancellationToken).ConfigureAwait(false);
                return (entry, false);
            }
            catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
            {
                // The caller that began it went away, and took it back.
            }
        }
    }

    private async Task StoreFirstAsync(ReportedOperation entry, CancellationToken cancellationToken)
    {
        try
        {
            await journal.SubmitAsync([new OperationRunning(entry.TakeToStore())], cancellationToken).ConfigureAwait(false);
            entry.FirstStoreEnded(null);
        }
        catch (Exception exception)
        {
            WhenKnown(exception, isStored =>
            {
                if (isStored)
                {
                    entry.FirstStoreEnded(null);
                }
                else
                {
                    active.Remove(entry.Current.Id);
                }
            });
            entry.FirstStoreEnded(exception);
            throw;
        }
    }

    /// <summary>An id that was derived from an idempotency key is the only thing that a resend without a start time has in common with the first report.</summary>
    private ValueTask<Operation?> FindEndedAsync(Operation operation, DateTimeOffset arrivedAt, CancellationToken cancellationToken) =>
        operation.Id.Version == OperationIds.KeyedVersion && operation.StartTime == arrivedAt.ToWholeMicroseconds()
            ? reader.FindAsync(operation.Id, cancellationToken)
            : reader.FindAsync(operation.Id, operation.StartTime, cancellationToken);

    private static Operation Complete(Operation current, Operation report, DateTimeOffset now)
    {
        var running = ClockSkew.EndAt(current with { Metadata = current.Metadata.With(report.Metadata) }, report.EndTime!.Value, now);
        var end = running.EndTime!.Value;
        return report with
        {
            MetricType = running.MetricType,
            Name = running.Name,
            Source = running.Source,
            StartTime = running.StartTime,
            EndTime = end < running.StartTime ? running.StartTime : end,
            Metadata = running.Metadata,
            Progress = report.Progress ?? running.Progress,
            ResourceUsage = report.ResourceUsage ?? running.ResourceUsage,
            TraceId = running.TraceId ?? report.TraceId,
            SpanId = running.SpanId ?? report.SpanId,
            ParentId = running.ParentId ?? report.ParentId,
            LastHeartbeatAt = running.LastHeartbeatAt,
            Events = running.Events,
        };
    }

    private async Task<ReportResult> EndAsync(ActiveOperation entry, Operation current, Ending ending, CancellationToken cancellationToken)
    {
        try
        {
            var now = time.GetUtcNow().ToWholeMicroseconds();
            var finished = ending.ApplyTo(current, now).WithEvent(now, ending.Status.WireName());
            if (Check(finished) is { } reason)
            {
                entry.Release(false);
                return new(ReportOutcome.Rejected, current, reason);
            }

            var result = await StoreAsync(finished, cancellationToken).ConfigureAwait(false);
            Release(entry, true);
            return result;
        }
        catch (Exception exception)
        {
            WhenKnown(exception, isStored => Release(entry, isStored));
            throw;
        }
    }

    /// <summary>Revives an abandoned operation that reports again: it is back in progress, and its next end replaces the previous one.</summary>
    private async Task<ReportResult> ReviveAsync(
        Operation abandoned, Progress? progress, IReadOnlyList<KeyValuePair<string, MetadataValue>> metadata, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow().ToWholeMicroseconds();
        var revived = (abandoned with { Status = OperationStatus.Running, EndTime = null, ErrorType = null, ErrorMessage = null })
            .WithEvent(now, "revived", "It reported again after it was abandoned.");
        var (entry, isNew) = await BeginAsync(revived, now, begun => begun.Report(progress, metadata, now), cancellationToken).ConfigureAwait(false);
        if (!isNew)
        {
            entry.Report(progress, metadata, now);
            active.Touch();
        }

        return new(ReportOutcome.Accepted, entry.Current);
    }

    private async Task<ReportResult> StoreAsync(Operation operation, CancellationToken cancellationToken)
    {
        var result = (await journal.SubmitAsync([new OperationEnded(operation)], cancellationToken).ConfigureAwait(false))[0];
        return result.Outcome != EntryOutcome.Duplicate
            ? new(ReportOutcome.Accepted, operation)
            : new(result.Existing!.Status == operation.Status ? ReportOutcome.Unchanged : ReportOutcome.Contradicted, result.Existing);
    }

    private string? Check(Operation operation) => Check(operation, time.GetUtcNow());

    /// <summary>
    /// Validates the end once the operation is known: a batch item can end an operation in progress, whose start and type apply.
    /// </summary>
    private string? Check(Operation operation, DateTimeOffset now)
    {
        var end = operation.EndTime!.Value;
        // An abandoned operation adds no duration; if it were rejected, it would stay in progress forever.
        var start = operation.Status == OperationStatus.Abandoned ? end : operation.StartTime;
        if (OperationLimits.CheckEnd(start, end, now) is { } reason)
        {
            return reason;
        }

        var oldest = horizons.OldestComplete(operation.MetricType, now);
        return end >= oldest ? null
            : oldest == horizons.Size.Rows
                ? FormattableString.Invariant(
                    $"end_time is before {oldest:yyyy-MM-ddTHH:mm:ssZ}: older operations were deleted because the database reached its size limit; raise MaxDatabaseMb to keep more.")
            : horizons.Policy.Thinning is { } thinning && thinning.AfterHours < horizons.Policy.RowHours(operation.MetricType)
                ? FormattableString.Invariant(
                    $"end_time is before {oldest:yyyy-MM-ddTHH:mm:ssZ}: older operations are thinned (OperationSamplePercent), so a new report cannot be distinguished from a resend.")
                : FormattableString.Invariant(
                    $"end_time is before {oldest:yyyy-MM-ddTHH:mm:ssZ}: operations of this type are kept for {horizons.Policy.RowHours(operation.MetricType)} h; raise MetricsRetentionHours to import older ones.");
    }
}
