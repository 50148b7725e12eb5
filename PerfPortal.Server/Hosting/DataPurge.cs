using PerfPortal.Domain.Journal;
using PerfPortal.Server.Storage;

namespace PerfPortal.Server.Hosting;

/// <summary>Deletes data in small steps with pauses, so that other work is not blocked.</summary>
internal sealed class DataPurge(IPortalDatabase database, RollupBuffer rollups, TimeProvider time)
{
    /// <summary>The rows of a step: at least a whole block, because otherwise a block would be rewritten in every step.</summary>
    public const int RowsPerStep = 8_192;

    /// <summary>The pause after a step.</summary>
    public static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(50);

    /// <summary>Repeats a step until nothing is left to delete.</summary>
    /// <param name="step">The step.</param>
    /// <param name="report">Receives the number of deleted rows after each repetition.</param>
    /// <param name="cancellationToken">Cancels the purge between two repetitions.</param>
    /// <returns>The number of deleted rows.</returns>
    public async Task<long> RunAsync(PurgeStep step, Action<long>? report, CancellationToken cancellationToken)
    {
        long deleted = 0;
        int rows;
        do
        {
            deleted += rows = await database.PurgeAsync(step, cancellationToken).ConfigureAwait(false);
            report?.Invoke(deleted);
            await Task.Delay(rows > 0 ? Pause : TimeSpan.Zero, time, cancellationToken).ConfigureAwait(false);
        }
        while (rows >= step.Rows);
        if (step.Kind == PurgeKind.Rollups)
        {
            rollups.Forget((RollupResolution)step.Selector, step.Before);
        }

        return deleted;
    }
}
