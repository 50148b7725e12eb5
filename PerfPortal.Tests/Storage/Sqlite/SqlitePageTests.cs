using PerfPortal.Domain.Journal;
using PerfPortal.Domain.Operations;
using Xunit;

namespace PerfPortal.Tests.Storage.Sqlite;

/// <summary>Pages out of blocks against sorting everything.</summary>
public sealed class SqlitePageTests : BlockStoreFixture
{
    public static TheoryData<OperationOrder, int, bool> Cases()
    {
        var cases = new TheoryData<OperationOrder, int, bool>();
        foreach (var order in Enum.GetValues<OperationOrder>())
        {
            for (int seed = 0; seed < 4; seed++)
            {
                cases.Add(order, seed, seed % 2 == 1);
            }
        }

        return cases;
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public async Task Every_page_is_what_sorting_everything_gives(OperationOrder order, int seed, bool isPacked)
    {
        var random = new Random(seed);
        var all = await FillAsync(random, 1_500);
        if (isPacked)
        {
            Assert.True(PackAll() > 0);
        }

        OperationFilter[] filters =
        [
            new(), Of(new() { MetricType = MetricType.HealthCheck }), Of(new() { Name = "name 3" }), Of(new() { Source = "host 1", Status = OperationStatus.Failed }),
            new() { MinDuration = TimeSpan.FromSeconds(2), MaxDuration = TimeSpan.FromHours(2) }, new() { Text = "ERROR 7" },
        ];
        foreach (var filter in filters)
        {
            var expected = Sorted(all.Where(operation => Passes(operation, filter)), order).Select(operation => operation.Id).ToList();
            Assert.Equal(expected, await WalkAsync(order, filter, 1 + random.Next(97)));
        }
    }

    [Fact]
    public async Task A_page_goes_on_where_it_was_though_blocks_were_packed_meanwhile()
    {
        var random = new Random(7);
        var all = await FillAsync(random, 600);
        foreach (var order in Enum.GetValues<OperationOrder>())
        {
            var first = await Reader.ReadPageAsync(new(Always, new(), order, 200, null), Token);
            PackAll();
            var rest = await Reader.ReadPageAsync(new(Always, new(), order, 1000, first.Next), Token);
            Assert.Equal(Sorted(all, order).Select(operation => operation.Id), first.Items.Concat(rest.Items).Select(operation => operation.Id));
        }
    }

    [Theory]
    [InlineData(OperationOrder.StartDescending)]
    [InlineData(OperationOrder.DurationAscending)]
    public async Task A_long_search_says_that_it_was_broken_off_and_goes_on(OperationOrder order)
    {
        // Far more operations than a page may look at, one of which is sought. Blocks that hold something like it cannot be passed over:
        // by time all of them, by duration, where each operation costs more, every tenth.
        const int Batches = 140;
        int like = order == OperationOrder.StartDescending ? 1 : 10;
        for (int batch = 0; batch < Batches; batch++)
        {
            await EndAsync(Enumerable.Range(0, 4_096).Select(i => Op((batch * 4_096) + i, 1 + i, source: i == 0 ? "other" : "host-a") with { ErrorMessage = i == 0 && batch % like == 0 ? "a needle, too" : null }));
        }

        var needle = Op(5, 5_000) with { ErrorMessage = "the needle", Status = OperationStatus.Failed };
        await EndAsync(needle);
        var found = new List<Operation>();
        int brokenOff = 0;
        PageCursor? after = null;
        for (int page = 0; page < 300; page++)
        {
            var answer = await Reader.ReadPageAsync(new(Always, new() { Text = "needle", Series = new() { Source = "host-a" } }, order, 10, after), Token);
            found.AddRange(answer.Items);
            brokenOff += answer.IsIncomplete ? 1 : 0;
            Assert.Equal(answer.IsIncomplete, answer.Next is not null);
            if ((after = answer.Next) is null)
            {
                break;
            }
        }

        Assert.Equal(needle.Id, Assert.Single(found).Id);
        Assert.True(brokenOff > 0);
        Assert.Null(after);
    }

    [Theory]
    [InlineData(OperationOrder.DurationDescending, false)]
    [InlineData(OperationOrder.DurationAscending, false)]
    [InlineData(OperationOrder.DurationDescending, true)]
    public async Task A_search_by_duration_that_is_broken_off_goes_on_where_it_was(OperationOrder order, bool withText)
    {
        // Each block has an operation of a rare name, and nine of ten others come before it in the order: more than a page may look at.
        const int Batches = 150;
        double before = order == OperationOrder.DurationDescending ? 1_000 : 1;
        var rare = new List<Operation>();
        for (int batch = 0; batch < Batches; batch++)
        {
            rare.Add(Op((batch * 4_096) + 1, 100 + (batch * 37 % Batches), "rare") with { ErrorMessage = "needle" });
            await EndAsync(Enumerable.Range(2, 4_094).Select(i => Op((batch * 4_096) + i, i % 10 == 0 ? 1_001 - before : before)).Append(rare[^1]));
        }

        var filter = new OperationFilter { Series = new() { Name = "rare" }, Text = withText ? "needle" : null };
        Assert.Equal(Sorted(rare, order).Select(operation => operation.Id), await WalkAsync(order, filter, 200));
    }

    private static OperationFilter Of(SeriesFilter series) => new() { Series = series };

    private static bool Passes(Operation operation, OperationFilter filter) =>
        filter.Series.Matches(new(operation.MetricType, operation.Source, operation.Name), operation.Status)
        && (filter.MinDuration is null || operation.Duration >= filter.MinDuration) && (filter.MaxDuration is null || operation.Duration <= filter.MaxDuration)
        && (filter.Text is null || operation.ErrorMessage?.Contains(filter.Text, StringComparison.OrdinalIgnoreCase) == true);

    private static IEnumerable<Operation> Sorted(IEnumerable<Operation> operations, OperationOrder order)
    {
        var ascending = operations
            .OrderBy(operation => order is OperationOrder.StartAscending or OperationOrder.StartDescending ? operation.StartTime.UtcTicks : operation.Duration!.Value.Ticks)
            .ThenBy(operation => operation.EndTime).ThenBy(operation => operation.Id.ToString(), StringComparer.Ordinal);
        return order is OperationOrder.StartDescending or OperationOrder.DurationDescending ? ascending.Reverse() : ascending;
    }

    /// <summary>Many ties, long and short operations, several commits that overlap in time.</summary>
    private async Task<List<Operation>> FillAsync(Random random, int count)
    {
        var all = Enumerable.Range(0, count).Select(i => Op(
            random.Next(3_000) / 10.0, random.Next(10) == 0 ? random.Next(20_000) : random.Next(30) / 10.0, $"name {random.Next(8)}", $"host {random.Next(3)}",
            MetricTypes.All[random.Next(3)], random.Next(5) == 0 ? OperationStatus.Failed : OperationStatus.Succeeded) with
        {
            ErrorMessage = random.Next(4) == 0 ? $"Error {random.Next(10)}" : null,
        }).ToList();
        foreach (var part in all.Chunk(1 + (count / 20)))
        {
            await EndAsync(part);
        }

        return all;
    }

    private async Task<List<Guid>> WalkAsync(OperationOrder order, OperationFilter filter, int limit)
    {
        var seen = new List<Guid>();
        PageCursor? after = null;
        do
        {
            var page = await Reader.ReadPageAsync(new(Always, filter, order, limit, after), Token);
            Assert.True(page.Items.Count <= limit);
            seen.AddRange(page.Items.Select(operation => operation.Id));
            after = page.Next;
        }
        while (after is not null);
        return seen;
    }
}
