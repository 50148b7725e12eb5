using PerfPortal.Domain.Journal;
using PerfPortal.Domain.Operations;
using PerfPortal.Domain.Resources;
using PerfPortal.Domain.Statistics;
using Xunit;

namespace PerfPortal.Tests.Contract;

public abstract partial class StoreContract
{
    [Fact]
    public async Task Rollups_are_what_a_count_of_its_own_says()
    {
        var operations = Mixed(600);
        await ReportAsync(operations);
        AssertRollups(await RollupsAsync(RollupResolution.Minute), RollupResolution.Minute, operations);
        AssertRollups(await RollupsAsync(RollupResolution.Hour), RollupResolution.Hour, operations);
        Assert.Empty(await Store.ReadDirtyMinutesAsync(Token));
    }

    [Fact]
    public async Task What_a_crash_left_dirty_is_rebuilt()
    {
        var before = Mixed(200);
        var lost = Mixed(300);
        await ReportAsync(before);
        await EndAsync(lost);
        await ReopenAsync();
        var dirty = await Store.ReadDirtyMinutesAsync(Token);
        Assert.Equal(lost.Select(operation => RollupBuckets.Of(RollupResolution.Minute, operation.EndTime!.Value)).Distinct().Order(), dirty);
        await Store.RebuildRollupsAsync(dirty, Token);
        AssertRollups(await RollupsAsync(RollupResolution.Minute), RollupResolution.Minute, [.. before, .. lost]);
        AssertRollups(await RollupsAsync(RollupResolution.Hour), RollupResolution.Hour, [.. before, .. lost]);
        Assert.Empty(await Store.ReadDirtyMinutesAsync(Token));
    }

    [Fact]
    public async Task A_rebuild_takes_away_what_no_row_says()
    {
        await ReportAsync(Op(1, status: OperationStatus.Abandoned));
        long minute = RollupBuckets.Of(RollupResolution.Minute, Noon);
        await Database.PurgeAsync(new(Server.Storage.PurgeKind.Operations, (byte)MetricType.ModelOperation, Noon.AddHours(1), 10), Token);
        await Store.RebuildRollupsAsync([minute], Token);
        Assert.Empty(await RollupsAsync(RollupResolution.Minute));
        Assert.Empty(await RollupsAsync(RollupResolution.Hour));
    }

    [Fact]
    public async Task A_rebuild_keeps_the_types_whose_rows_have_expired()
    {
        var expired = Op(1, 2, type: MetricType.HealthCheck);
        await ReportAsync(expired);
        await Database.PurgeAsync(new(Server.Storage.PurgeKind.Operations, (byte)MetricType.HealthCheck, Noon.AddHours(1), 10), Token);
        var lost = Op(2, 3);
        await EndAsync(lost);
        await ReopenAsync();
        await Store.RebuildRollupsAsync(await Store.ReadDirtyMinutesAsync(Token), Token);
        AssertRollups(await RollupsAsync(RollupResolution.Minute), RollupResolution.Minute, [expired, lost]);
        AssertRollups(await RollupsAsync(RollupResolution.Hour), RollupResolution.Hour, [expired, lost]);
    }

    [Fact]
    public async Task A_second_flush_adds_nothing()
    {
        var operation = Op(1);
        var book = new RollupBuffer(TimeProvider.System);
        await EndAsync(operation);
        book.Add(operation);
        await book.FlushAsync(Store, Token);
        await book.FlushAsync(Store, Token);
        AssertRollups(await RollupsAsync(RollupResolution.Minute), RollupResolution.Minute, [operation]);
        Assert.Empty(await Store.ReadDirtyMinutesAsync(Token));
    }

    [Fact]
    public async Task Only_the_minutes_that_are_named_become_clean()
    {
        await EndAsync(Op(1), Op(61), Op(121));
        long minute = RollupBuckets.Of(RollupResolution.Minute, Noon);
        await Store.AddRollupsAsync([], [minute + 1, minute + 99], Token);
        Assert.Equal([minute, minute + 2], await Store.ReadDirtyMinutesAsync(Token));
    }

    [Fact]
    public async Task Deltas_of_one_key_in_one_call_all_count()
    {
        var rollup = new Rollup();
        rollup.Add(2);
        var delta = new RollupDelta(RollupResolution.Minute, 7, new(MetricType.HealthCheck, "s", "n"), OperationStatus.Succeeded, rollup);
        await Store.AddRollupsAsync([delta, delta], [], Token);
        Assert.Equal(2, Assert.Single(await RollupsAsync(RollupResolution.Minute)).Rollup.Count);
    }

    [Fact]
    public async Task A_late_report_counts_in_its_own_minute()
    {
        var today = Op(0);
        var lastYear = Op(-365 * 86400);
        await ReportAsync(today);
        await ReportAsync(lastYear, Op(0, name: "other"));
        var minutes = await RollupsAsync(RollupResolution.Minute);
        Assert.Equal(3, minutes.Count);
        Assert.Contains(minutes, row => row.Bucket == RollupBuckets.Of(RollupResolution.Minute, lastYear.EndTime!.Value) && row.Rollup.Count == 1);
    }

    [Fact]
    public async Task Rollups_are_filtered_by_series_and_outcome()
    {
        await ReportAsync(
            Op(1, name: "a", source: "x"), Op(1, name: "b", source: "x"), Op(1, name: "a", source: PortalSource.Name),
            Op(1, name: "a", source: "x", status: OperationStatus.Failed), Op(1, name: "a", source: "x", type: MetricType.HealthCheck));
        Assert.Equal(4, (await RollupsAsync(RollupResolution.Minute)).Count);
        Assert.Equal(3, (await RollupsAsync(RollupResolution.Minute, new() { Name = "a" })).Count);
        Assert.Single(await RollupsAsync(RollupResolution.Minute, new() { Source = PortalSource.Name }));
        Assert.Single(await RollupsAsync(RollupResolution.Minute, new() { Status = OperationStatus.Failed }));
        Assert.Single(await RollupsAsync(RollupResolution.Minute, new() { MetricType = MetricType.HealthCheck }));
        Assert.Empty(await RollupsAsync(RollupResolution.Minute, new() { Name = "none" }));
        Assert.Empty(await RollupsAsync(RollupResolution.Minute, new() { Source = "none" }));
    }

    [Fact]
    public async Task A_sample_counts_once()
    {
        var sample = Sample(Noon, 50);
        await TakeAsync((sample, 30), (sample, 30));
        await TakeAsync((sample, 30));
        var read = new List<(ResourceSample Sample, TimeSpan Covered)>();
        await Resources.ReadSamplesAsync("host", new(Noon, Noon.AddMinutes(1)), (one, covered) => read.Add((one, covered)), Token);
        var only = Assert.Single(read);
        Assert.Equal(50, only.Sample[ResourceMetric.CpuPercent]);
        Assert.Equal("/données", Assert.Single(only.Sample.Disks).Name);
        Assert.Null(only.Sample[ResourceMetric.MemoryPercent]);
        Assert.Equal(new SensorStatus(SensorState.Absent, "kein Gerät"), only.Sample.Sensors[Sensors.Gpu]);
        Assert.Equal(TimeSpan.FromSeconds(30), only.Covered);
        Assert.Equal(30, (await FiguresAsync(RollupResolution.Minute)).Single().Figure.Seconds, 9);
    }

    [Fact]
    public async Task Rollups_of_samples_weigh_by_time()
    {
        await TakeAsync((Sample(Noon, 100), 1), (Sample(Noon.AddSeconds(1), 100), 1));
        await TakeAsync((Sample(Noon.AddSeconds(40), 10), 30), (Sample(Noon.AddSeconds(70), 20), 30));
        var minutes = await FiguresAsync(RollupResolution.Minute);
        Assert.Equal(2, minutes.Count);
        Assert.Equal(((2 * 100) + (30 * 10)) / 32.0, minutes[0].Figure.Mean, 9);
        Assert.Equal((10, 100), (minutes[0].Figure.Min, minutes[0].Figure.Max));
        Assert.Equal(20, minutes[1].Figure.Mean, 9);
        var hour = Assert.Single(await FiguresAsync(RollupResolution.Hour));
        Assert.Equal(((2 * 100) + (30 * 10) + (30 * 20)) / 62.0, hour.Figure.Mean, 9);
    }

    [Fact]
    public async Task The_latest_sample_of_each_source_is_found()
    {
        await TakeAsync((Sample(Noon, 1), 1), (Sample(Noon.AddSeconds(5), 2), 1), (Sample(Noon.AddSeconds(3), 3, "other"), 1));
        var latest = await Resources.ReadLatestAsync(Token);
        Assert.Equal(
            [("host", Noon.AddSeconds(5)), ("other", Noon.AddSeconds(3))],
            latest.Select(sample => (sample.Source, sample.SampledAt)).OrderBy(pair => pair.Source, StringComparer.Ordinal));
    }

    private static Operation[] Mixed(int count)
    {
        var random = new Random(count);
        return [.. Enumerable.Range(0, count).Select(i => Op(
            random.Next(3 * 3600), random.Next(1, 5_000_000) / 1e6, $"name {random.Next(3)}", $"host {random.Next(2)}",
            (MetricType)random.Next(6), OperationStatuses.Outcomes[random.Next(4)]) with
        {
            Metadata = i % 3 == 0 ? Metadata.Of([new("bytes", MetadataValue.From((long)random.Next(1000))), new("ok", MetadataValue.From(i % 2 == 0)), new("text", MetadataValue.From("x"))]) : Metadata.Empty,
        })];
    }

    private static ResourceSample Sample(DateTimeOffset at, double cpu, string source = "host") => new(source, at)
    {
        [ResourceMetric.CpuPercent] = cpu,
        Disks = [new("/données", 100, 50, 50, null, 12.5, true)],
        Sensors = new Dictionary<string, SensorStatus> { [Domain.Resources.Sensors.Gpu] = new(SensorState.Absent, "kein Gerät") },
    };

    private Task<IReadOnlyList<EntryResult>> TakeAsync(params (ResourceSample Sample, double Seconds)[] samples) => Store.CommitAsync(
        [.. samples.Select(sample => new SampleTaken(sample.Sample, TimeSpan.FromSeconds(sample.Seconds)))], Token).AsTask();

    private async Task<List<(long Bucket, ResourceFigure Figure)>> FiguresAsync(RollupResolution resolution)
    {
        var found = new List<(long, ResourceFigure)>();
        await Resources.ReadResourceRollupsAsync("host", resolution, 0, long.MaxValue, (bucket, rollup) => found.Add((bucket, rollup[ResourceMetric.CpuPercent]!.Value)), Token);
        return found;
    }
}
