using Microsoft.Extensions.Logging.Abstractions;
using PerfPortal.Domain.Journal;
using PerfPortal.Domain.Operations;
using PerfPortal.Domain.Statistics;
using PerfPortal.Server.Hosting;
using PerfPortal.Server.Views;
using PerfPortal.Tests.Storage;
using PerfPortal.Tests.Storage.Sqlite;
using Xunit;

namespace PerfPortal.Tests.Hosting;

public sealed class RetentionServiceTests : BlockStoreFixture
{
    [Fact]
    public async Task Expired_operations_of_a_minute_that_waits_for_its_rebuild_are_deleted_only_after_it()
    {
        var clock = new ImpatientClock(Time);
        var rollups = new RollupBuffer(clock);
        var horizons = new RetentionHorizons(Time, new(_ => 24, 24, 840, 19_200));
        await EndAsync(Op(-108_000), Op(-108_001), Op(-60));
        rollups.MarkStale(await Store.ReadDirtyMinutesAsync(Token));
        var waits = new TaskCompletionSource();
        clock.OnPause = _ => waits.TrySetResult();
        var journal = new OperationJournal(Store, rollups, [], Time, NullLogger<OperationJournal>.Instance);
        using var service = new RetentionService(
            Database, horizons, rollups, new(new(), journal, Time), new PortalReadiness(), clock, NullLogger<RetentionService>.Instance);
        var step = service.StepAsync(Token);
        await waits.Task.WaitAsync(Token);
        Assert.Equal(3, (await ScanAsync()).Count);

        await rollups.RebuildAsync(Store, TimeSpan.MaxValue, Token);
        await step;

        Assert.Single(await ScanAsync());
        var answer = await new StatisticsReader(Reader, rollups, horizons).ReadAsync(new(new(Noon.AddHours(-31), Noon), SeriesFilter.Everyone), Token);
        Assert.Equal(3, answer.Total.Count);
    }
}
