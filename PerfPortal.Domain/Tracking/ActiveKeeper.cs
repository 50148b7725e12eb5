using PerfPortal.Domain.Journal;
using PerfPortal.Domain.Operations;

namespace PerfPortal.Domain.Tracking;

/// <summary>After how long an operation in progress is given up.</summary>
/// <param name="Silence">A reported operation that says nothing for so long is abandoned.</param>
/// <param name="Timeout">An operation of this process that runs for so long was forgotten by its caller, and is abandoned.</param>
public sealed record AbandonPolicy(Func<MetricType, TimeSpan> Silence, Func<MetricType, TimeSpan> Timeout);

/// <summary>
/// Keeps operations in progress: stores them so that they survive a restart, gives up those that fell silent, brings them
/// back at the start and settles them at the end.
/// </summary>
public sealed class ActiveKeeper(
    ActiveOperations active, OperationReports reports, OperationJournal journal, IOperationReader reader, AbandonPolicy policy, TimeProvider time)
{
    /// <summary>The error type of an operation that was given up.</summary>
    public const string Silent = "silent";

    /// <summary>The error type of an operation of this process that ended with the process.</summary>
    public const string PortalStopped = "portal_stopped";

    private static readonly TimeSpan StoreInProcessAfter = TimeSpan.FromSeconds(1);

    /// <summary>Brings back what was in progress when the portal ended; the time in which it was down is not silence.</summary>
    /// <returns>How many came back.</returns>
    public async Task<int> RestoreAsync(CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow().ToWholeMicroseconds();
        int restored = 0;
        foreach (var operation in await reader.ReadRunningAsync(cancellationToken).ConfigureAwait(false))
        {
            var back = operation.WithEvent(now, "restored", "The portal was restarted.");
            if (active.TryAdd(back, now, out bool isNew) is not null && isNew)
            {
                restored++;
            }
        }

        return restored;
    }

    /// <summary>One round: stores what changed, gives up what fell silent. Meant to be called every second.</summary>
    /// <exception cref="JournalUnavailableException">The journal takes nothing now; the next round tries again.</exception>
    public async Task StepAsync(CancellationToken cancellationToken)
    {
        active.Drain();
        var now = time.GetUtcNow();
        var changed = new List<(ActiveOperation Entry, Operation Current)>();
        var givenUp = new List<(ActiveOperation Entry, Ending Ending)>();
        foreach (var entry in active.List())
        {
            var current = entry.Current;
            if (IsGivenUp(entry, current, now) is { } reason)
            {
                givenUp.Add((entry, new() { Status = OperationStatus.Abandoned, EndTime = now, ErrorType = Silent, ErrorMessage = reason }));
            }
            else if (!entry.IsStored && (!entry.IsInProcess || now - current.StartTime >= StoreInProcessAfter))
            {
                changed.Add((entry, entry.TakeToStore()));
            }
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

        // One that ended while its running state was on its way to the store would come back at the next start.
        foreach (var (entry, current) in changed)
        {
            await entry.Settled.WaitAsync(cancellationToken).ConfigureAwait(false);
            if (active.Find(current.Id) is null)
            {
                await ForgetAsync(current, cancellationToken).ConfigureAwait(false);
            }
        }
    }

    /// <summary>Settles the operations of this process, whose scopes end with it; reported ones stay in progress.</summary>
    public async Task SettleAsync(CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        var ending = new Ending
        {
            Status = OperationStatus.Abandoned,
            EndTime = now,
            ErrorType = PortalStopped,
            ErrorMessage = "The process ended before the operation did.",
        };
        await reports.AbandonAsync([.. active.List().Where(entry => entry.IsInProcess).Select(entry => (entry, ending))], cancellationToken).ConfigureAwait(false);
        active.Drain();
    }

    private string? IsGivenUp(ActiveOperation entry, Operation current, DateTimeOffset now)
    {
        var limit = (entry.IsInProcess ? policy.Timeout : policy.Silence)(current.MetricType);
        var since = now - (entry.IsInProcess ? current.StartTime : entry.LastSign);
        return since < limit
            ? null
            : FormattableString.Invariant(entry.IsInProcess
                ? (FormattableString)$"It ran for more than {limit.TotalSeconds:0} s without being completed."
                : $"It said nothing for {limit.TotalSeconds:0} s.");
    }

    /// <summary>Stores the end once more: a duplicate takes the running state away.</summary>
    private async Task ForgetAsync(Operation running, CancellationToken cancellationToken)
    {
        if (await reader.FindAsync(running.Id, running.StartTime, cancellationToken).ConfigureAwait(false) is { } ended)
        {
            await journal.SubmitAsync([new OperationEnded(ended)], cancellationToken).ConfigureAwait(false);
        }
    }
}
