using PerfPortal.Benchmarks.Measuring;
using PerfPortal.Domain.Journal;
using PerfPortal.Server.Intake;
using Operation = PerfPortal.Domain.Operations.Operation;

namespace PerfPortal.Benchmarks.Ingest;

/// <summary>What storing costs, and what memory stays, measured in this process.</summary>
internal static class StoreCost
{
    private const int WarmUpRounds = 8;
    private const int EntityBatches = 10;

    /// <summary>
    /// Rows a second of CPU time: the journal's store, and EF Core's <c>SaveChanges</c> of the same rows into SQLite, in batches of 512, turn by turn.
    /// The median of the rounds; before them each runs until the runtime has compiled what is hot for good.
    /// </summary>
    public static async Task<(double Store, double SaveChanges)> RowsAsync(int rounds, int rows, CancellationToken cancellationToken)
    {
        await using var house = await House.BuildAsync(cancellationToken);
        var entities = await EntityStore.CreateAsync(house.Directory, cancellationToken);
        int run = 0;

        // Each batch is made just before it is stored, as reports are read just before.
        async Task<double> RateAsync(int batches, Func<IReadOnlyList<Operation>, Task> store)
        {
            double cost = 0;
            run--;
            for (int batch = 0; batch < batches; batch++)
            {
                var operations = Operations(run, batch);
                cost += await ProcessCost.OfAsync(() => store(operations));
            }

            return batches * BatchLoad.BatchSize / cost;
        }

        Task StoreAsync(IReadOnlyList<Operation> operations) =>
            house.Store.CommitAsync([.. operations.Select(operation => new OperationEnded(operation))], cancellationToken).AsTask();
        Task SaveAsync(IReadOnlyList<Operation> operations) => entities.SaveAsync(operations, cancellationToken);

        List<double> stored = [], saved = [];
        for (int round = -WarmUpRounds; round < rounds; round++)
        {
            double store = await RateAsync(rows / BatchLoad.BatchSize, StoreAsync);
            double save = await RateAsync(EntityBatches, SaveAsync);
            if (round >= 0)
            {
                stored.Add(store);
                saved.Add(save);
            }
        }

        return (Medians.Median(stored), Medians.Median(saved));
    }

    /// <summary>Managed bytes that stay for every 10,000 operations, taken after the operations were collected as garbage.</summary>
    public static async Task<double> WasCommittedAsync(int operations, CancellationToken cancellationToken)
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

    private static List<Operation> Operations(int run, int batch)
    {
        var now = TimeProvider.System.GetUtcNow();
        return BatchReader.ReadArray(SampleBatch.Write(run, (long)batch * BatchLoad.BatchSize, BatchLoad.BatchSize, now), "key", now).Batch!.Operations;
    }
}
