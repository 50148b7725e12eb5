using PerfPortal.Domain.Journal;
using PerfPortal.Domain.Operations;

namespace PerfPortal.Domain.Tracking;

/// <summary>What became of a report.</summary>
public enum ReportOutcome
{
    /// <summary>It changed something, durably.</summary>
    Accepted,

    /// <summary>It said what was known already; nothing was changed.</summary>
    Unchanged,

    /// <summary>It contradicts how the operation ended.</summary>
    Contradicted,

    /// <summary>No operation has this id.</summary>
    Unknown,

    /// <summary>It cannot be taken, for the reason given.</summary>
    Rejected,
}

/// <summary>What became of a report.</summary>
/// <param name="Outcome">What became of it.</param>
/// <param name="Operation">The operation as it is now, if there is one.</param>
/// <param name="Reason">Why it was rejected, in one sentence that names the field and the limit.</param>
public readonly record struct ReportResult(ReportOutcome Outcome, Operation? Operation, string? Reason = null);

/// <summary>
/// The life of operations that others report. Each method answers when what it says is durable; every one can be sent
/// again without counting twice.
/// </summary>
/// <remarks>Each throws <see cref="JournalUnavailableException"/> when the report cannot be taken now.</remarks>
public sealed class OperationReports(ActiveOperations active, OperationJournal journal, IOperationReader reader, RetentionHorizons horizons, TimeProvider time)
{
    private static readonly TimeSpan RoomRetry = TimeSpan.FromSeconds(10);

    /// <summary>Starts an operation. The same id again changes nothing.</summary>
    public async Task<ReportResult> StartAsync(Operation operation, CancellationToken cancellationToken)
    {
        if (active.Find(operation.Id) is null && await reader.FindAsync(operation.Id, operation.StartTime, cancellationToken).ConfigureAwait(false) is { } ended)
        {
            return new(ReportOutcome.Unchanged, ended);
        }

        var now = time.GetUtcNow();
        var entry = active.TryAdd(operation.WithEvent(now.ToWholeMicroseconds(), "started"), now, out bool isNew)
            ?? throw new JournalUnavailableException($"{ActiveOperations.Capacity} operations are in progress, the most that the portal follows.", RoomRetry);
        if (!isNew)
        {
            return new(ReportOutcome.Unchanged, entry.Current);
        }

        try
        {
            await journal.SubmitAsync([new OperationRunning(entry.TakeToStore())], cancellationToken).ConfigureAwait(false);
        }
        catch
        {
            active.Remove(operation.Id);
            throw;
        }

        return new(ReportOutcome.Accepted, entry.Current);
    }

    /// <summary>Takes progress, metadata or a heartbeat; it is stored within a few seconds.</summary>
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

    /// <summary>Ends an operation, an abandoned one too.</summary>
    public async Task<ReportResult> CompleteAsync(Guid id, Ending ending, CancellationToken cancellationToken)
    {
        while (active.Find(id) is { } entry)
        {
            if (entry.TryClaim() is not { } current)
            {
                await entry.Settled.WaitAsync(cancellationToken).ConfigureAwait(false);
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
        var late = ending.ApplyTo(stored, now).WithEvent(now, ending.Status.WireName(), "Reported after it had been given up.");
        return Check(late) is { } reason ? new(ReportOutcome.Rejected, stored, reason) : await StoreAsync(late, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>
    /// Takes operations that have ended. One whose id is in progress ends that one: its start, name and source stay as first reported.
    /// </summary>
    /// <returns>One result for each, in order; the good ones are stored though others are rejected.</returns>
    public async Task<IReadOnlyList<ReportResult>> RecordAsync(IReadOnlyList<Operation> operations, CancellationToken cancellationToken)
    {
        var results = new ReportResult[operations.Count];
        var entries = new JournalEntry[operations.Count];
        int[]? places = null;
        int count = 0;
        List<(ActiveOperation Entry, int Place)>? claimed = null;
        bool ended = false;
        var now = time.GetUtcNow();
        try
        {
            for (int i = 0; i < operations.Count; i++)
            {
                var operation = operations[i];
                if (active.Find(operation.Id) is { } entry && entry.TryClaim() is { } current)
                {
                    (claimed ??= []).Add((entry, i));
                    operation = Complete(current, operation);
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

            ended = true;
            return results;
        }
        finally
        {
            foreach (var (entry, place) in claimed ?? [])
            {
                bool hasEnded = ended && results[place].Outcome != ReportOutcome.Rejected;
                if (hasEnded)
                {
                    active.Remove(entry.Current.Id);
                }

                entry.Release(hasEnded);
            }
        }
    }

    /// <summary>Gives operations in progress up, in one submission; one that somebody else is ending is left to them.</summary>
    internal async Task AbandonAsync(IReadOnlyList<(ActiveOperation Entry, Ending Ending)> abandoned, CancellationToken cancellationToken)
    {
        var claimed = new List<ActiveOperation>(abandoned.Count);
        var entries = new List<JournalEntry>(abandoned.Count);
        bool ended = false;
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
            ended = true;
        }
        finally
        {
            foreach (var entry in claimed)
            {
                if (ended)
                {
                    active.Remove(entry.Current.Id);
                }

                entry.Release(ended);
            }
        }
    }

    private static Operation Complete(Operation running, Operation report)
    {
        var end = report.EndTime!.Value;
        return report with
        {
            MetricType = running.MetricType,
            Name = running.Name,
            Source = running.Source,
            StartTime = running.StartTime,
            EndTime = end < running.StartTime ? running.StartTime : end,
            Metadata = running.Metadata.With(report.Metadata),
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
        bool ended = false;
        try
        {
            var now = time.GetUtcNow().ToWholeMicroseconds();
            var finished = ending.ApplyTo(current, now).WithEvent(now, ending.Status.WireName());
            if (Check(finished) is { } reason)
            {
                return new(ReportOutcome.Rejected, current, reason);
            }

            var result = await StoreAsync(finished, cancellationToken).ConfigureAwait(false);
            ended = true;
            active.Remove(current.Id);
            return result;
        }
        finally
        {
            entry.Release(ended);
        }
    }

    /// <summary>An operation that was given up reports again: it is in progress once more, and its next end replaces the old.</summary>
    private async Task<ReportResult> ReviveAsync(
        Operation abandoned, Progress? progress, IReadOnlyList<KeyValuePair<string, MetadataValue>> metadata, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow().ToWholeMicroseconds();
        var revived = (abandoned with { Status = OperationStatus.Running, EndTime = null, ErrorType = null, ErrorMessage = null })
            .WithEvent(now, "revived", "It reported again after it had been given up.");
        var entry = active.TryAdd(revived, now, out _)
            ?? throw new JournalUnavailableException($"{ActiveOperations.Capacity} operations are in progress, the most that the portal follows.", RoomRetry);
        var current = entry.Report(progress, metadata, now);
        await journal.SubmitAsync([new OperationRunning(current)], cancellationToken).ConfigureAwait(false);
        return new(ReportOutcome.Accepted, current);
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
    /// What is checked once it is known which operation ends and when: a batch item may end one in progress, whose start and type count.
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
            : horizons.Policy.Thinning is { } thinning && thinning.AfterHours < horizons.Policy.RowHours(operation.MetricType)
                ? FormattableString.Invariant(
                    $"end_time is before {oldest:yyyy-MM-ddTHH:mm:ssZ}: older operations are thinned to a share (OperationSamplePercent), so a report could no longer be told from a resend.")
                : FormattableString.Invariant(
                    $"end_time is before {oldest:yyyy-MM-ddTHH:mm:ssZ}: operations of this type are kept for {horizons.Policy.RowHours(operation.MetricType)} h; raise MetricsRetentionHours to import older ones.");
    }
}
