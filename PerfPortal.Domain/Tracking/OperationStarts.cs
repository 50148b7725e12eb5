using PerfPortal.Domain.Journal;
using PerfPortal.Domain.Operations;

namespace PerfPortal.Domain.Tracking;

/// <summary>Brings operations into progress, which is done when it is durable.</summary>
internal sealed class OperationStarts(ActiveOperations active, OperationJournal journal)
{
    /// <summary>
    /// Brings an operation into progress and returns when that is durable. One that is in progress already is left as it is; its own start decides when it is durable.
    /// </summary>
    /// <param name="operation">The operation.</param>
    /// <param name="now">The time of its last sign.</param>
    /// <param name="prepare">Changes it before it is stored for the first time.</param>
    /// <param name="cancellationToken">Cancels the operation.</param>
    /// <exception cref="JournalUnavailableException">Too many operations are in progress, or it cannot be stored.</exception>
    public async Task<(ReportedOperation Entry, bool IsNew)> BeginAsync(
        Operation operation, DateTimeOffset now, Action<ReportedOperation> prepare, CancellationToken cancellationToken)
    {
        while (true)
        {
            var entry = active.TryAdd(operation, now, out bool isNew)
                ?? throw new JournalUnavailableException($"{ActiveOperations.Capacity} operations are in progress, which is the limit of the portal.", EndClaims.RoomRetry);
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
            EndClaims.WhenKnown(exception, isStored =>
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
}
