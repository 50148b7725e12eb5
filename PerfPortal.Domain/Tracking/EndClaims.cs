using PerfPortal.Domain.Journal;

namespace PerfPortal.Domain.Tracking;

/// <summary>The claims to end operations in progress: one caller ends an operation, the others wait for the outcome.</summary>
internal sealed class EndClaims(ActiveOperations active, TimeProvider time)
{
    /// <summary>When to retry a report for which there is no room.</summary>
    public static readonly TimeSpan RoomRetry = TimeSpan.FromSeconds(10);

    private static readonly TimeSpan SettleTimeout = TimeSpan.FromSeconds(35);

    /// <summary>Follows a failed submission in memory once it is known whether it was stored after all; usually at once.</summary>
    public static void WhenKnown(Exception failure, Action<bool> settle)
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
    public void Release(ActiveOperation entry, bool hasEnded)
    {
        if (hasEnded)
        {
            active.Remove(entry.Current.Id);
        }

        entry.Release(hasEnded);
    }

    /// <summary>Waits until another caller that ends an operation has its outcome.</summary>
    /// <exception cref="JournalUnavailableException">It takes too long.</exception>
    public async Task SettledAsync(ActiveOperation entry, CancellationToken cancellationToken)
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
}
