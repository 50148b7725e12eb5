using Microsoft.EntityFrameworkCore;
using PerfPortal.Benchmarks.Measuring;
using PerfPortal.Domain.Journal;
using PerfPortal.Server.Api.Reporting;
using Operation = PerfPortal.Domain.Operations.Operation;

namespace PerfPortal.Benchmarks.Ingest;

/// <summary>What storing costs, and what memory stays, measured in this process.</summary>
internal static class StoreCost
{
    private const int EntityRowsOfRound = 10 * BatchLoad.BatchSize;

    /// <summary>Rows a second of CPU time: the journal's store, and EF Core's <c>SaveChanges</c> of the same rows into SQLite, in batches of 512.</summary>
    public static async Task<(double Store, double SaveChanges)> RowsAsync(int rows, CancellationToken cancellationToken)
    {
        await using var house = await House.BuildAsync(cancellationToken);
        var warm = Operations(-1, 20);
        foreach (var batch in warm)
        {
            await house.Store.CommitAsync([.. batch.Select(operation => new OperationEnded(operation))], cancellationToken);
        }

        List<JournalEntry[]> entries = [.. Operations(-2, rows / BatchLoad.BatchSize).Select(batch => batch.Select(operation => (JournalEntry)new OperationEnded(operation)).ToArray())];
        double stored = await ProcessCost.OfAsync(async () =>
        {
            foreach (var batch in entries)
            {
                await house.Store.CommitAsync(batch, cancellationToken);
            }
        });
        return (entries.Count * BatchLoad.BatchSize / stored, await SaveChangesAsync(house.Directory, cancellationToken));
    }

    /// <summary>Managed bytes that stay for every 10,000 operations, taken after the operations were collected as garbage.</summary>
    public static async Task<double> HeldAsync(int operations, CancellationToken cancellationToken)
    {
        await using var house = await House.BuildAsync(cancellationToken);
        long next = 0;
        async Task SendAsync(int batches)
        {
            for (int i = 0; i < batches; i++, next += BatchLoad.BatchSize)
            {
                var now = TimeProvider.System.GetUtcNow();
                var (batch, _) = BatchReader.ReadArray(SampleBatch.Write(-3, next, BatchLoad.BatchSize, now), "key", now);
                await house.Reports.RecordAsync(batch!.Operations, cancellationToken);
            }
        }

        await SendAsync(20);
        await Task.Delay(TimeSpan.FromSeconds(2), cancellationToken);
        long before = GC.GetTotalMemory(forceFullCollection: true);
        await SendAsync(operations / BatchLoad.BatchSize);
        await Task.Delay(TimeSpan.FromSeconds(2), cancellationToken);
        return (GC.GetTotalMemory(forceFullCollection: true) - before) / (operations / 10_000.0);
    }

    private static async Task<double> SaveChangesAsync(string directory, CancellationToken cancellationToken)
    {
        string file = Path.Combine(directory, "entities.db");
        await using (var context = new EntityContext(file))
        {
            await context.Database.EnsureCreatedAsync(cancellationToken);
            await context.Database.ExecuteSqlAsync($"PRAGMA journal_mode=WAL", cancellationToken);
        }

        async Task SaveAsync(int run)
        {
            foreach (var batch in Operations(run, EntityRowsOfRound / BatchLoad.BatchSize))
            {
                await using var context = new EntityContext(file);
                context.Rows.AddRange(batch.Select(EntityRow.Of));
                await context.SaveChangesAsync(cancellationToken);
            }
        }

        await SaveAsync(-4);
        return EntityRowsOfRound / await ProcessCost.OfAsync(() => SaveAsync(-5));
    }

    private static List<IReadOnlyList<Operation>> Operations(int run, int batches)
    {
        var now = TimeProvider.System.GetUtcNow();
        return [.. Enumerable.Range(0, batches).Select(batch => BatchReader.ReadArray(SampleBatch.Write(run, (long)batch * BatchLoad.BatchSize, BatchLoad.BatchSize, now), "key", now).Batch!.Operations)];
    }
}
