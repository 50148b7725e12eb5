using PerfPortal.Domain.Journal;
using PerfPortal.Domain.Operations;

namespace PerfPortal.Domain.Tracking;

/// <summary>The limits after which an operation in progress is abandoned.</summary>
/// <param name="Silence">A reported operation without a heartbeat for this long is abandoned.</param>
/// <param name="Timeout">An in-process operation that runs for this long was never completed by its caller and is abandoned.</param>
public sealed record AbandonPolicy(Func<MetricType, TimeSpan> Silence, Func<MetricType, TimeSpan> Timeout);

/// <summary>
/// Maintains operations in progress: stores them so that they survive a restart, abandons those without heartbeats, restores them
/// at startup and ends the in-process ones at shutdown. Time in which the portal did not run does not count as silence.
/// </summary>
public sealed class ActiveKeeper(
    ActiveOperations active, OperationReports reports, OperationJournal journal, IOperationReader reader, AbandonPolicy policy, TimeProvider time)
{
    /// <summary>The error type of an abandoned operation.</summary>
    public const string Silent = "silent";

    /// <summary>The error type of an in-process operation that was still running at shutdown.</summary>
    public const string PortalStopped = "portal_stopped";

    private static readonly TimeSpan StoreInProcessAfter = TimeSpan.FromSeconds(1);

    private readonly SuspensionWatch _watch = new(time);
    private HashSet<Guid> _stalled = [];

    /// <summary>Restores the operations that were in progress when the portal stopped; downtime does not count as missing heartbeats.</summary>
    /// <returns>The number of restored operations.</returns>
    public async Task<int> RestoreAsync(CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow().ToWholeMicroseconds();
        int restored = 0;
        foreach (var operation in await reader.ReadRunningAsync(cancellationToken).ConfigureAwait(false))
        {
            var back = operation.WithEvent(now, "restored", "The portal was restarted.");
            if (active.TryAdd(back, now, out bool isNew) is { } entry && isNew)
            {
                entry.FirstStoreEnded(null);
                restored++;
            }
        }

        return restored;
    }

    /// <summary>
    /// Detects when the portal did not run, and excludes that time from the silence of operations. Should be called every second, even while <see cref="StepAsync"/> runs.
    /// </summary>
    /// <returns>The time in which the portal did not run, usually zero; negative when the clock was set back.</returns>
    public TimeSpan Observe()
    {
        var missed = _watch.Check();
        if (missed != TimeSpan.Zero)
        {
            var now = time.GetUtcNow();
            foreach (var entry in active.List())
            {
                entry.Skip(missed, now);
            }
        }

        return missed;
    }

    /// <summary>Runs one round: stores changed operations and abandons those without heartbeats. Meant to be called every second.</summary>
    /// <exception cref="JournalUnavailableException">The journal accepts no entries; the next round retries.</exception>
    public async Task StepAsync(CancellationToken cancellationToken)
    {
        active.Drain();
        Observe();
        var now = time.GetUtcNow();
        var stalled = new HashSet<Guid>();
        var changed = new List<(ActiveOperation Entry, Operation Current)>();
        var givenUp = new List<(ActiveOperation Entry, Ending Ending)>();
        foreach (var entry in active.List())
        {
            var current = entry.Current;
            if (IsGivenUp(entry, current, now) is { } reason)
            {
                givenUp.Add((entry, new() { Status = OperationStatus.Abandoned, ErrorType = Silent, ErrorMessage = reason }));
            }
            else if (!entry.IsStored && (!entry.IsInProcess || now - current.StartTime >= StoreInProcessAfter))
            {
                changed.Add((entry, entry.TakeToStore()));
            }

            if (entry.StalledAt(now) is not null)
            {
                stalled.Add(current.Id);
            }
        }

        // A stall is the absence of reports, so nothing else announces it to pages and clients.
        if (!stalled.SetEquals(_stalled))
        {
            _stalled = stalled;
            active.Touch();
        }

        try
        {
            await reports.AbandonAsync(givenUp, cancellationToken).ConfigureAwait(false);
            await journal.SubmitAsync([.. changed.Select(change => new OperationRunning(change.Current))], cancellationToken).ConfigureAwait(false);
        }
        catch
        {
            changed.ForEach(change => change.Entry.NotStored());
            throw;
        }

        // An operation that ended while its running state was being stored would be restored at the next start.
        foreach (var (entry, current) in changed)
        {
            await entry.Settled.WaitAsync(cancellationToken).ConfigureAwait(false);
            if (active.Find(current.Id) is null)
            {
                await ForgetAsync(current, cancellationToken).ConfigureAwait(false);
            }
        }
    }

    /// <summary>Abandons the in-process operations at shutdown; reported ones stay in progress.</summary>
    public async Task SettleAsync(CancellationToken cancellationToken)
    {
        var ending = new Ending
        {
            Status = OperationStatus.Abandoned,
            ErrorType = PortalStopped,
            ErrorMessage = "The process stopped before the operation ended.",
        };
        await reports.AbandonAsync([.. active.List().Where(entry => entry.IsInProcess).Select(entry => (entry, ending))], cancellationToken).ConfigureAwait(false);
        active.Drain();
    }

    /// <summary>
    /// At the stop, gives the journal what <see cref="StepAsync"/> could not store in time, without waiting: a submission that is waited for is withdrawn after seconds, and what was reported
    /// and answered would be lost although the journal goes on until its queue is empty.
    /// </summary>
    /// <returns>The number of operations.</returns>
    public int HandOver()
    {
        var left = active.List().Where(entry => !entry.IsStored && !entry.IsInProcess && entry.Settled.IsCompleted).ToList();
        return left.Count > 0 && journal.TrySubmit([.. left.Select(entry => (JournalEntry)new OperationRunning(entry.TakeToStore()))]) ? left.Count : 0;
    }

    private string? IsGivenUp(ActiveOperation entry, Operation current, DateTimeOffset now)
    {
        var limit = (entry.IsInProcess ? policy.Timeout : policy.Silence)(current.MetricType);
        var since = entry.IsInProcess ? now - current.StartTime - _watch.MissedSince(current.StartTime) : now - entry.LastSign;
        return since < limit
            ? null
            : FormattableString.Invariant(entry.IsInProcess
                ? (FormattableString)$"It ran for more than {limit.TotalSeconds:0} s without being completed."
                : $"It sent no heartbeat for {limit.TotalSeconds:0} s.");
    }

    /// <summary>Stores the end again, where the duplicate removes the stored running state; an operation of a removed source has no end.</summary>
    private async Task ForgetAsync(Operation running, CancellationToken cancellationToken)
    {
        var ended = await reader.FindAsync(running.Id, running.StartTime, cancellationToken).ConfigureAwait(false);
        await journal.SubmitAsync([ended is null ? new RunningForgotten(running.Id) : new OperationEnded(ended)], cancellationToken).ConfigureAwait(false);
    }
}
