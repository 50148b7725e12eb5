using PerfPortal.Domain.Journal;
using PerfPortal.Domain.Operations;
using PerfPortal.Server.Storage;
using PerfPortal.Server.Storage.SizeLimit;
using Xunit;

namespace PerfPortal.Tests.Contract;

public abstract partial class StoreContract
{
    [Theory]
    [InlineData(OperationOrder.StartDescending)]
    [InlineData(OperationOrder.StartAscending)]
    [InlineData(OperationOrder.DurationDescending)]
    [InlineData(OperationOrder.DurationAscending)]
    public async Task Pages_show_everything_once_in_order(OperationOrder order)
    {
        // Five ends and five durations: every sort value has ties.
        var operations = Enumerable.Range(0, 125).Select(i => Op(i % 5, 1 + (i / 5 % 5))).ToArray();
        await EndAsync(operations);
        var seen = new List<Operation>();
        PageCursor? after = null;
        do
        {
            var page = await Operations.ReadPageAsync(new(Always, new(), order, 10, after), Token);
            Assert.InRange(page.Items.Count, 1, 10);
            seen.AddRange(page.Items);
            after = page.Next;
        }
        while (after is not null);

        Assert.Equal(operations.Select(operation => operation.Id).Order(), seen.Select(operation => operation.Id).Order());
        bool byStart = order is OperationOrder.StartAscending or OperationOrder.StartDescending;
        var values = seen.Select(operation => byStart ? operation.StartTime.UtcTicks : operation.Duration!.Value.Ticks).ToList();
        bool ascending = order is OperationOrder.StartAscending or OperationOrder.DurationAscending;
        Assert.Equal(ascending ? values.Order() : values.OrderDescending(), values);
    }

    [Fact]
    public async Task An_outline_is_an_operation_but_for_what_it_brought_along()
    {
        var failed = Op(7, status: OperationStatus.Failed) with
        {
            ErrorType = "timeout",
            ErrorMessage = "It took too long.",
            Metadata = Metadata.Of([new("tokens", MetadataValue.From(7L))]),
        };
        await Store.CommitAsync([new OperationEnded(failed), new OperationEnded(Op(8))], Token);
        var outlines = new List<Operation>();
        await Operations.ScanOutlinesAsync(
            Always, new() { Series = new() { Status = OperationStatus.Failed } },
            operation =>
            {
                outlines.Add(operation);
                return true;
            },
            Token);
        AssertSame(failed, Assert.Single(outlines) with { Metadata = failed.Metadata });
    }

    [Fact]
    public async Task The_last_page_has_no_next()
    {
        await EndAsync([.. Enumerable.Range(0, 10).Select(i => Op(i))]);
        Assert.Null((await Operations.ReadPageAsync(new(Always, new(), OperationOrder.StartAscending, 10, null), Token)).Next);
        Assert.NotNull((await Operations.ReadPageAsync(new(Always, new(), OperationOrder.StartAscending, 9, null), Token)).Next);
    }

    [Fact]
    public async Task A_range_is_over_ends_and_half_open()
    {
        await EndAsync(Op(-1), Op(0, 500), Op(59), Op(60, 30));
        Assert.Equal([59, 0], (await ScanAsync(new(Noon, Noon.AddMinutes(1)))).Select(operation => (operation.EndTime!.Value - Noon).TotalSeconds));
    }

    [Fact]
    public async Task A_scan_begins_with_the_latest_and_stops_when_told()
    {
        await EndAsync([.. Enumerable.Range(0, 10).Select(i => Op(i))]);
        var seen = new List<double>();
        await Operations.ScanAsync(Always, new(), operation =>
        {
            seen.Add((operation.EndTime!.Value - Noon).TotalSeconds);
            return seen.Count < 3;
        }, Token);
        Assert.Equal([9, 8, 7], seen);
    }

    [Fact]
    public async Task Filters_choose_by_series_status_and_duration()
    {
        await EndAsync(
            Op(1, 1, "a", "x"), Op(2, 2, "a", "y"), Op(3, 3, "b", "x", MetricType.HealthCheck), Op(4, 4, "b", "y", status: OperationStatus.Failed),
            Op(5, 5, "a", "x", status: OperationStatus.Cancelled));

        async Task Finds(OperationFilter filter, params double[] durations) =>
            Assert.Equal(durations, (await ScanAsync(Always, filter)).Select(operation => operation.Duration!.Value.TotalSeconds).Order());

        await Finds(Of(new() { Name = "a" }), 1, 2, 5);
        await Finds(Of(new() { Source = "y" }), 2, 4);
        await Finds(Of(new() { Name = "a", Source = "x", Status = OperationStatus.Cancelled }), 5);
        await Finds(Of(new() { MetricType = MetricType.HealthCheck }), 3);
        await Finds(Of(new() { MetricType = MetricType.DownloadOperation }));
        await Finds(Of(new() { Name = "never" }));
        await Finds(Of(new() { Source = "never" }));
        await Finds(new() { MinDuration = TimeSpan.FromSeconds(2), MaxDuration = TimeSpan.FromSeconds(4) }, 2, 3, 4);
        await Finds(new() { Series = new() { Source = "x" }, MinDuration = TimeSpan.FromSeconds(2), Text = "B" }, 3);
    }

    [Theory]
    [InlineData("50%")]
    [InlineData("a_b")]
    [InlineData("[x]")]
    [InlineData(@"c:\d")]
    [InlineData("it's \"so\"")]
    [InlineData("^-]")]
    public async Task A_text_is_searched_as_it_stands(string text)
    {
        Operation Failed(string? type, string? message, string name = "plain") =>
            Op(1, name: name, status: OperationStatus.Failed) with { ErrorType = type, ErrorMessage = message };

        Operation[] hits =
        [
            Failed("T", $"before {text} after"), Failed(text.ToUpperInvariant(), null), Op(2, name: $"<{text.ToUpperInvariant()}>"),
        ];
        await EndAsync([.. hits, Failed("T", "50 a-b ab x c:d so"), Failed(null, null), Failed("", "5000% aXb [ ] c: its")]);
        var found = await ScanAsync(Always, new() { Text = text });
        Assert.Equal(hits.Select(hit => hit.Id).Order(), found.Select(hit => hit.Id).Order());
    }

    [Fact]
    public async Task Names_that_differ_in_case_or_a_last_space_are_different()
    {
        string[] names = ["load", "Load", "LOAD", "load ", "löad", "loäd"];
        await EndAsync([.. names.Select((name, i) => Op(i, name: name, source: name))]);
        await ReopenAsync();
        await EndAsync([.. names.Select((name, i) => Op(10 + i, name: name, source: name))]);
        foreach (string name in names)
        {
            var found = await ScanAsync(Always, Of(new() { Name = name, Source = name }));
            Assert.Equal(2, found.Count);
            Assert.All(found, operation => Assert.Equal((name, name), (operation.Name, operation.Source)));
        }

        Assert.Equal(names.Order(StringComparer.Ordinal), Operations.ReadSources());
    }

    [Fact]
    public async Task The_portal_itself_is_left_out_unless_asked_for()
    {
        var own = Op(1, source: PortalSource.Name);
        var other = Op(2);
        await EndAsync(own, other);
        Assert.Equal(other.Id, Assert.Single(await ScanAsync(Always)).Id);
        Assert.Equal(other.Id, Assert.Single((await Operations.ReadPageAsync(new(Always, new(), OperationOrder.StartAscending, 10, null), Token)).Items).Id);
        Assert.Equal(own.Id, Assert.Single(await ScanAsync(Always, Of(new() { Source = PortalSource.Name }))).Id);
        Assert.Equal(["host-a"], Operations.ReadSources());
        Assert.NotNull(await Operations.FindAsync(own.Id, Token));
    }

    [Fact]
    public async Task A_purge_of_all_types_takes_every_operation_before_its_time()
    {
        await ReportAsync([.. Enumerable.Range(0, 10).SelectMany(i => new[] { Op(i * 60), Op(i * 60, type: MetricType.HealthCheck) })]);
        var before = Noon.AddMinutes(5);
        int deleted = 0;
        int rows;
        do
        {
            deleted += rows = await Database.PurgeAsync(new(PurgeKind.Operations, PurgeStep.AllTypes, before, 3), Token);
        }
        while (rows >= 3);
        Assert.Equal(10, deleted);
        var left = await ScanAsync(Always);
        Assert.Equal(10, left.Count);
        Assert.All(left, operation => Assert.True(operation.EndTime >= before));
    }

    [Fact]
    public async Task The_extents_cover_what_is_stored()
    {
        await ReportAsync([.. Enumerable.Range(0, 3).Select(i => Op(i * 3600))]);
        await TakeAsync((Sample(Noon, 1), 1));
        var extents = await Database.ReadExtentsAsync(Token);
        Assert.Equal([StoredTier.Rows, StoredTier.Minutes, StoredTier.Hours], extents.Select(extent => extent.Tier).Distinct().Order());
        Assert.All(extents, extent => Assert.True(extent.Bytes > 0 && extent.FromUs < extent.ToUs));
        long from = Noon.ToMicroseconds();
        Assert.All(extents, extent => Assert.True(extent.FromUs <= Noon.AddHours(2).ToMicroseconds() && extent.ToUs > from && extent.FromUs >= from));
        Assert.True(await Database.ReadUsedBytesAsync(Token) > 0);
    }

    [Fact]
    public async Task The_horizon_of_the_size_limit_is_kept_by_the_database()
    {
        var store = new HorizonStore(Database, TimeProvider.System);
        Assert.Equal(DataHorizon.None, await store.ReadAsync(Token));
        foreach (int hours in new[] { 1, 2 })
        {
            var horizon = new DataHorizon(Noon.AddHours(hours), Noon, DateTimeOffset.MinValue);
            await store.WriteAsync(horizon, Token);
            Assert.Equal(horizon, await store.ReadAsync(Token));
        }
    }

    [Fact]
    public async Task A_purge_step_takes_its_kind_before_its_time_and_no_more_than_its_rows()
    {
        await ReportAsync([.. Enumerable.Range(0, 10).SelectMany(i => new[] { Op(i * 60), Op(i * 60, type: MetricType.HealthCheck) })]);
        await TakeAsync([.. Enumerable.Range(0, 10).Select(i => (Sample(Noon.AddMinutes(i), 1), 1.0))]);
        var before = Noon.AddMinutes(5);
        var kinds = new (PurgeKind Kind, byte Selector, int Expired)[]
        {
            (PurgeKind.Operations, (byte)MetricType.ModelOperation, 5), (PurgeKind.Samples, 0, 5), (PurgeKind.Rollups, (byte)RollupResolution.Minute, 5),
            (PurgeKind.ResourceRollups, (byte)RollupResolution.Minute, 5),
        };
        foreach (var (kind, selector, expired) in kinds)
        {
            Assert.Equal(3, await Database.PurgeAsync(new(kind, selector, before, 3), Token));
            Assert.Equal(expired - 3, await Database.PurgeAsync(new(kind, selector, before, 1000), Token));
            Assert.Equal(0, await Database.PurgeAsync(new(kind, selector, before, 1000), Token));
        }

        var rows = await ScanAsync(Always);
        Assert.Equal(10, rows.Count(row => row.MetricType == MetricType.HealthCheck));
        Assert.All(rows.Where(row => row.MetricType == MetricType.ModelOperation), row => Assert.True(row.EndTime >= before));
        Assert.Equal(10, (await RollupsAsync(RollupResolution.Minute)).Count);
        Assert.Equal(2, (await RollupsAsync(RollupResolution.Hour)).Count);
        Assert.Equal(5, (await FiguresAsync(RollupResolution.Minute)).Count);
        Assert.Single(await FiguresAsync(RollupResolution.Hour));
    }

    [Fact]
    public async Task Migrating_again_changes_nothing()
    {
        await EndAsync(Op(1));
        await Database.MigrateAsync(Token);
        await Connect(new()).MigrateAsync(Token);
        Assert.Single(await ScanAsync(Always));
    }

    [Fact]
    public async Task The_database_says_its_size() => Assert.InRange(await Database.ReadSizeAsync(Token), 1, 1L << 32);

    [Fact]
    public async Task Readers_see_a_consistent_store_while_it_is_written()
    {
        await EndAsync(Op(0));
        var writing = Task.Run(async () =>
        {
            for (int i = 0; i < 20; i++)
            {
                await EndAsync([.. Enumerable.Range(0, 10).Select(_ => Op(i))]);
            }
        }, Token);
        while (!writing.IsCompleted)
        {
            Assert.Equal(1, (await ScanAsync(Always)).Count % 10);
        }

        await writing;
        Assert.Equal(201, (await ScanAsync(Always)).Count);
    }
}
