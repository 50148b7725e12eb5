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
    public void A_rate_says_what_is_left_and_is_never_endlessly_pessimistic()
    {
        Assert.Null(EtaEstimator.FromRate(new(1, null, null), new(1, 0)));
        Assert.Null(EtaEstimator.FromRate(new(1, 10, null), new(0, 0)));
        Assert.Null(EtaEstimator.FromRate(new(1, 10, null), null));
        Assert.Equal(new Eta(45, 45), EtaEstimator.FromRate(new(10, 100, null), new(2, 0)));
        Assert.Equal(new Eta(45, 450), EtaEstimator.FromRate(new(10, 100, null), new(2, 100)));
        Assert.Equal(new Eta(0, 0), EtaEstimator.FromRate(new(110, 100, null), new(2, 1)));
    }

    [Fact]
    public void History_speaks_of_those_that_outlasted_what_has_elapsed()
    {
        var durations = new DurationSketch();
        for (int i = 1; i < EtaEstimator.MinimumHistory; i++)
        {
            durations.Add(i * 10);
        }

        Assert.Null(EtaEstimator.FromHistory(durations, 0));
        durations.Add(50);
        Assert.Equal(30, EtaEstimator.FromHistory(durations, 0)!.Value.P50, 0.31);
        Assert.Equal(15, EtaEstimator.FromHistory(durations, 25)!.Value.P50, 0.5);
        Assert.Null(EtaEstimator.FromHistory(durations, 60));
        Assert.NotNull(EtaEstimator.FromHistory(durations, -5));
    }

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
