using PerfPortal.Domain.Journal;
using PerfPortal.Domain.Operations;

namespace PerfPortal.Domain.Tracking;

/// <summary>Records batches of operations that have ended. An id that is in progress ends that operation.</summary>
internal sealed class EndedOperations(ActiveOperations active, OperationJournal journal, AcceptedEnds accepted, EndClaims claims, TimeProvider time)
{
    /// <summary>Records ended operations; see <see cref="OperationReports.RecordAsync"/>.</summary>
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
                Rejection? rejection = null;
                if (active.Find(operation.Id) is { } entry && entry.TryClaim() is { } current)
                {
                    (claimed ??= []).Add((entry, i));
                    var merged = current.Metadata.With(operation.Metadata);
                    rejection = operation.Metadata.Count > 0 ? AcceptedEnds.Check(merged) : null;
                    operation = Complete(current with { Metadata = merged }, operation, now.ToWholeMicroseconds());
                }

                rejection ??= accepted.Check(operation, now);
                if (rejection is not null)
                {
                    results[i] = new(ReportOutcome.Rejected, operation, rejection);
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
            EndClaims.WhenKnown(exception, Release);
            throw;
        }

        void Release(bool isStored) => claimed?.ForEach(claim => claims.Release(claim.Entry, isStored && results[claim.Place].Outcome != ReportOutcome.Rejected));
    }

    private static Operation Complete(Operation current, Operation report, DateTimeOffset now)
    {
        var running = ClockSkew.EndAt(current, report.EndTime!.Value, now);
        var end = running.EndTime!.Value;
        var ended = report with
        {
            MetricType = running.MetricType,
            Name = running.Name,
            Source = running.Source,
            StartTime = running.StartTime,
            EndTime = end < running.StartTime ? running.StartTime : end,
            Metadata = running.Metadata,
            Progress = report.Progress?.After(running.Progress) ?? running.Progress,
            ResourceUsage = report.ResourceUsage ?? running.ResourceUsage,
            TraceId = running.TraceId ?? report.TraceId,
            SpanId = running.SpanId ?? report.SpanId,
            ParentId = running.ParentId ?? report.ParentId,
            LastHeartbeatAt = running.LastHeartbeatAt,
            Events = running.Events,
        };
        return ended.WithEvent(now, ended.Status.WireName());
    }
}
