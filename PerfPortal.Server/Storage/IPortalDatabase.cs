using Microsoft.EntityFrameworkCore;
using PerfPortal.Domain.Statistics;
using PerfPortal.Server.Storage.Model;
using PerfPortal.Server.Storage.SizeLimit;

namespace PerfPortal.Server.Storage;

/// <summary>The portal's database: SQLite or SQL Server.</summary>
internal interface IPortalDatabase
{
    /// <summary>The context pool size. Contexts are pooled because creating one costs as much as a small query.</summary>
    const int ContextsKept = 16;

    /// <summary>The display name on the storage page, such as <c>SQLite</c>.</summary>
    string Name { get; }

    /// <summary>Creates a context for one unit of work.</summary>
    PortalDbContext CreateContext();

    /// <summary>How often <see cref="RenewAsync"/> must be called, or <see langword="null"/> if ownership lasts as long as the process.</summary>
    TimeSpan? RenewEvery => null;

    /// <summary>A sentence about a setting of the connection that is likely to cause trouble, or <see langword="null"/>.</summary>
    string? ConnectionWarning => null;

    /// <summary>
    /// Takes the database for this process, which is then the only one that may write to it. If the previous owner may have crashed, waits until that is certain.
    /// </summary>
    /// <param name="onWait">Receives a sentence that explains the wait, if there is one.</param>
    /// <param name="cancellationToken">Cancels the wait.</param>
    /// <exception cref="DatabaseOwnedException">Another process owns the database.</exception>
    Task AcquireAsync(Action<string> onWait, CancellationToken cancellationToken);

    /// <summary>Keeps the ownership.</summary>
    /// <exception cref="DatabaseOwnedException">Another process has taken over the database.</exception>
    Task RenewAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>Releases the database, so that another process can take it immediately.</summary>
    Task ReleaseAsync(CancellationToken cancellationToken);

    /// <summary>Creates or migrates the database; safe to run concurrently from several processes, and after a process crashed during a migration.</summary>
    Task MigrateAsync(CancellationToken cancellationToken);

    /// <summary>Loads the stored names and sources.</summary>
    async ValueTask LoadNamesAsync(NameDirectory directory, CancellationToken cancellationToken)
    {
        await using var context = CreateContext();
        await directory.LoadAsync(context, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Reads the stored running operations.</summary>
    async ValueTask<IReadOnlyList<RunningRow>> ReadRunningAsync(CancellationToken cancellationToken)
    {
        await using var context = CreateContext();
        return await context.Running.AsNoTracking().ToListAsync(cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Returns the size of the database on disk in bytes.</summary>
    ValueTask<long> ReadSizeAsync(CancellationToken cancellationToken);

    /// <summary>Returns the size of the pages that contain data, in bytes, or <see langword="null"/> if the database does not report it; free pages and logs do not count.</summary>
    ValueTask<long?> ReadUsedBytesAsync(CancellationToken cancellationToken);

    /// <summary>Returns how the data is distributed over time. Reads whole indexes, so it is only for deciding what to delete.</summary>
    ValueTask<IReadOnlyList<StoredExtent>> ReadExtentsAsync(CancellationToken cancellationToken);

    /// <summary>Returns free pages to the file system, if the database can do that.</summary>
    ValueTask ReleaseSpaceAsync(CancellationToken cancellationToken) => ValueTask.CompletedTask;

    /// <summary>Reads a stored document of the portal, or <see langword="null"/>.</summary>
    async ValueTask<string?> ReadSettingAsync(string key, CancellationToken cancellationToken)
    {
        await using var context = CreateContext();
        return await context.Settings.AsNoTracking().Where(row => row.Key == key).Select(row => row.Value).FirstOrDefaultAsync(cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Returns block statistics, or <see langword="null"/> if the database does not store ended operations in blocks.</summary>
    BlockFigures? ReadBlockFigures() => null;

    /// <summary>Deletes expired rows, at most <see cref="PurgeStep.Rows"/>, and returns the number deleted.</summary>
    ValueTask<int> PurgeAsync(PurgeStep step, CancellationToken cancellationToken);

    /// <summary>
    /// If the database packs rollup pages: compresses pages of buckets before <paramref name="packedBefore"/>, and merges the minutes of hours that end before
    /// <paramref name="gatheredBefore"/>, with less detail (<see cref="RollupPageFormat.WriteMinutes"/>). Resumes where the last call stopped, for a bounded time.
    /// </summary>
    /// <returns>Whether more work remains.</returns>
    bool PackRollups(DateTimeOffset packedBefore, DateTimeOffset gatheredBefore, CancellationToken cancellationToken) => false;

    /// <summary>Whether the error is transient, so that a retry may succeed.</summary>
    bool IsTransient(Exception exception);

    /// <summary>Explains why the database is unavailable, with the remedy: for the log, probes, responses and pages. Contains no credentials.</summary>
    string Explain(Exception exception);
}

/// <summary>Statistics about the blocks of ended operations.</summary>
/// <param name="Operations">The number of operations in all blocks.</param>
/// <param name="Fresh">The number of blocks stored as committed.</param>
/// <param name="Packed">The number of packed blocks.</param>
/// <param name="Thinned">The number of thinned blocks, which retain only part of their operations.</param>
/// <param name="Damaged">The number of blocks that could not be read since startup.</param>
/// <param name="RecentIds">The number of cached ids that detect resends without a lookup.</param>
internal sealed record BlockFigures(long Operations, int Fresh, int Packed, int Thinned, int Damaged, long RecentIds);

/// <summary>The kind of data that a retention step deletes.</summary>
internal enum PurgeKind
{
    /// <summary>Operation rows of a metric type, or of all types (<see cref="PurgeStep.AllTypes"/>).</summary>
    Operations,

    /// <summary>Samples of hosts.</summary>
    Samples,

    /// <summary>Rollups of operations.</summary>
    Rollups,

    /// <summary>Rollups of samples.</summary>
    ResourceRollups,
}

/// <summary>One small retention step.</summary>
/// <param name="Kind">The kind of data to delete.</param>
/// <param name="Selector">The metric type or the resolution, depending on <paramref name="Kind"/>.</param>
/// <param name="Before">Data older than this time is deleted.</param>
/// <param name="Rows">The maximum number of rows to delete; more are deleted only to the end of a block.</param>
internal sealed record PurgeStep(PurgeKind Kind, byte Selector, DateTimeOffset Before, int Rows)
{
    /// <summary>The selector of operations of all metric types.</summary>
    public const byte AllTypes = byte.MaxValue;
}
