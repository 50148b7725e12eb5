using PerfPortal.Domain.Journal;
using PerfPortal.Domain.Operations;
using PerfPortal.Domain.Statistics;
using PerfPortal.Domain.Tracking;
using PerfPortal.Tests.Journal;
using Xunit;

namespace PerfPortal.Tests.Tracking;

public sealed class EtaTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_portals_own_history_is_not_taken_for_that_of_others()
    {
        await using var bench = new TrackingBench();
        await bench.Journal.EndAsync([
            .. Enumerable.Range(0, 6).Select(i => MemoryJournal.Op(-3600 - i, 100)),
            .. Enumerable.Range(0, 6).Select(i => MemoryJournal.Op(-3600 - i, 10, source: PortalSource.Name))]);
        var estimator = new EtaEstimator(new StatisticsReader(bench.Store, bench.Journal.Rollups, bench.Horizons), bench.Time);
        var own = bench.Active.TryAdd(TrackingBench.Running() with { Source = PortalSource.Name }, MemoryJournal.Start, out _)!;
        var other = bench.Active.TryAdd(TrackingBench.Running(), MemoryJournal.Start, out _)!;
        Assert.InRange((await estimator.EstimateAsync(own, Token))!.Value.P50, 9.8, 10.2);
        Assert.InRange((await estimator.EstimateAsync(other, Token))!.Value.P50, 98, 102);
    }

    [Fact]
    public async Task Beyond_its_bound_the_history_not_asked_for_longest_is_forgotten_and_the_others_stay()
    {
        await using var bench = new TrackingBench();
        await bench.Journal.EndAsync([.. Enumerable.Range(0, 6).Select(i => MemoryJournal.Op(-3600 - i, 100))]);
        var estimator = new EtaEstimator(new StatisticsReader(bench.Store, bench.Journal.Rollups, bench.Horizons), bench.Time);
        ActiveOperation Named(int i) => bench.Active.TryAdd(TrackingBench.Running() with { Name = $"name {i}" }, MemoryJournal.Start, out _)!;
        var kept = Named(0);
        await estimator.EstimateAsync(kept, Token);
        var second = Named(1);
        await estimator.EstimateAsync(second, Token);
        for (int i = 2; i <= 2_000; i++)
        {
            await estimator.EstimateAsync(Named(i), Token);
            await estimator.EstimateAsync(kept, Token);
        }

        int reads = bench.Store.Scans + bench.Store.RollupReads;
        await estimator.EstimateAsync(kept, Token);
        await estimator.EstimateAsync(Named(2_000), Token);
        Assert.Equal(reads, bench.Store.Scans + bench.Store.RollupReads);
        await estimator.EstimateAsync(second, Token);
        Assert.NotEqual(reads, bench.Store.Scans + bench.Store.RollupReads);
    }
}
