using Microsoft.EntityFrameworkCore;
using PerfPortal.Domain.Statistics;
using PerfPortal.Server.Storage.Model;

namespace PerfPortal.Server.Storage;

/// <summary>A database that the portal lives in: SQLite or SQL Server.</summary>
internal interface IPortalDatabase
{
    /// <summary>How many contexts are kept for their next use: making one costs as much as a small query.</summary>
    const int ContextsKept = 16;

    /// <summary>What it is called on the storage page, such as <c>SQLite</c>.</summary>
    string Name { get; }

    /// <summary>A context of its own for one unit of work.</summary>
    PortalDbContext CreateContext();

    /// <summary>Creates or migrates the database; safe against another process doing the same, and against one that died while at it.</summary>
    Task MigrateAsync(CancellationToken cancellationToken);

    /// <summary>Reads the names and sources that are stored.</summary>
    async ValueTask LoadNamesAsync(NameDirectory directory, CancellationToken cancellationToken)
    {
        await using var context = CreateContext();
        await directory.LoadAsync(context, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Reads the operations in progress that are stored.</summary>
    async ValueTask<IReadOnlyList<RunningRow>> ReadRunningAsync(CancellationToken cancellationToken)
    {
        await using var context = CreateContext();
        return await context.Running.AsNoTracking().ToListAsync(cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Bytes that the database takes on its disk.</summary>
    ValueTask<long> ReadSizeAsync(CancellationToken cancellationToken);

    /// <summary>How ended operations are kept, where that is in blocks; else <see langword="null"/>.</summary>
    BlockFigures? ReadBlockFigures() => null;

    /// <summary>Deletes at most so many rows of what has expired; answers how many it deleted.</summary>
    ValueTask<int> PurgeAsync(PurgeStep step, CancellationToken cancellationToken);

    /// <summary>Whether other portal processes may write to the same database.</summary>
    bool IsShared { get; }

    /// <summary>
    /// Where pages of rollups are packed: compresses those of buckets before <paramref name="packedBefore"/>, and merges the minutes of hours that end before
    /// <paramref name="gatheredBefore"/>, with less detail (<see cref="RollupPageFormat.WriteMinutes"/>). Continues where the last call ended, for a bounded time.
    /// </summary>
    /// <returns>Whether there is more to do now.</returns>
    bool PackRollups(DateTimeOffset packedBefore, DateTimeOffset gatheredBefore, CancellationToken cancellationToken) => false;

    /// <summary>Whether waiting may help.</summary>
    bool IsTransient(Exception exception);
}

/// <summary>The blocks of ended operations.</summary>
/// <param name="Operations">Operations in them.</param>
/// <param name="Fresh">Blocks as they were committed.</param>
/// <param name="Packed">Blocks that are packed.</param>
/// <param name="Thinned">Blocks of which only a share is left.</param>
/// <param name="Damaged">Blocks that could not be opened since the start.</param>
/// <param name="RecentIds">Ids by which a resend is recognised at once.</param>
internal sealed record BlockFigures(long Operations, int Fresh, int Packed, int Thinned, int Damaged, long RecentIds);

/// <summary>What a step of retention deletes.</summary>
internal enum PurgeKind
{
    /// <summary>Operation rows of a metric type.</summary>
    Operations,

    /// <summary>Samples of hosts.</summary>
    Samples,

    /// <summary>Rollups of operations.</summary>
    Rollups,

    /// <summary>Rollups of samples.</summary>
    ResourceRollups,
}

/// <summary>One small step of retention.</summary>
/// <param name="Kind">What is deleted.</param>
/// <param name="Selector">The metric type or the resolution, by <paramref name="Kind"/>.</param>
/// <param name="Before">What lies before this time goes.</param>
/// <param name="Rows">At most so many rows.</param>
internal sealed record PurgeStep(PurgeKind Kind, byte Selector, DateTimeOffset Before, int Rows);
