using PerfPortal.Domain.Journal;
using PerfPortal.Domain.Operations;
using PerfPortal.Domain.Statistics;
using Xunit;

namespace PerfPortal.Tests.Storage.Sqlite;

/// <summary>Rolling operations up by the columns of their blocks gives what the operations one by one give.</summary>
public sealed class SqliteRollUpTests : BlockStoreFixture
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task Columns_add_up_to_what_the_operations_do(int seed)
    {
        var random = new Random(seed);
        var all = Enumerable.Range(0, 3_000).Select(_ => Any(random)).ToList();
        foreach (var part in all[..2_000].Chunk(500))
        {
            await EndAsync(part);
        }

        PackAll();
        foreach (var part in all[2_000..].Chunk(70))
        {
            await EndAsync(part);
        }

        for (int i = 0; i < 40; i++)
        {
            var from = Noon.AddSeconds(random.Next(600));
            var range = new TimeRange(from, from.AddMilliseconds(random.Next(120_000)));
            var filter = new SeriesFilter
            {
                Name = random.Next(3) == 0 ? "name 1" : null,
                MetricType = random.Next(4) == 0 ? MetricType.HealthCheck : null,
                Status = random.Next(4) == 0 ? OperationStatus.Failed : null,
                Source = random.Next(4) == 0 ? "host 0" : null,
            };
            var byOperations = await RollUpAsync(new ByScan(Reader), range, filter, withFacts: true);
            var byColumns = await RollUpAsync(Reader, range, filter, withFacts: true);
            var withoutFacts = await RollUpAsync(Reader, range, filter, withFacts: false);
            Assert.Equal(byOperations.Keys.ToHashSet(), byColumns.Keys.ToHashSet());
            Assert.Equal(byOperations.Keys.ToHashSet(), withoutFacts.Keys.ToHashSet());
            foreach (var (key, expected) in byOperations)
            {
                AssertSame(expected, byColumns[key]);
                Assert.Equal(expected.Facts, byColumns[key].Facts);
                AssertSame(expected, withoutFacts[key]);
                Assert.Empty(withoutFacts[key].Facts);
            }
        }
    }

    [Fact]
    public async Task A_name_that_nothing_has_and_an_empty_range_give_nothing()
    {
        await EndAsync(Op(0));
        Assert.Empty(await RollUpAsync(Reader, Always, new() { Name = "unknown" }, withFacts: true));
        Assert.Empty(await RollUpAsync(Reader, new(Noon.AddSeconds(1), Noon.AddSeconds(1)), new(), withFacts: true));
    }

    [Fact]
    public async Task A_damaged_block_is_left_out_and_said_to_be()
    {
        await EndAsync(Op(0), Op(1));
        await EndAsync(Op(2));
        await ExecuteAsync("UPDATE operation_blocks SET data = zeroblob(length(data)) WHERE id = (SELECT min(id) FROM operation_blocks)");
        var rollup = Assert.Single(await RollUpAsync(Reader, Always, new(), withFacts: true)).Value;
        Assert.Equal(1, rollup.Count);
        Assert.Equal(1, Database.Blocks.Damaged);
    }

    private static void AssertSame(Rollup expected, Rollup actual)
    {
        Assert.Equal((expected.Count, expected.Min, expected.Max), (actual.Count, actual.Min, actual.Max));
        Assert.Equal(expected.Sum, actual.Sum, 9);
        double[] quantiles = [0, 0.1, 0.5, 0.9, 0.99, 1];
        Assert.Equal(quantiles.Select(q => expected.Durations.Quantile(q)), quantiles.Select(q => actual.Durations.Quantile(q)));
    }

    // Whole numbers, so that sums do not depend on the order of adding.
    private static Operation Any(Random random) => Op(
        random.Next(6_000) / 10.0, random.Next(5_000) / 1_000.0, $"name {random.Next(3)}", $"host {random.Next(2)}",
        random.Next(2) == 0 ? MetricType.HealthCheck : MetricType.ModelOperation, (OperationStatus)random.Next(1, 5)) with
    {
        Metadata = Metadata.Of(new (string Name, MetadataValue Value)[]
        {
            ("tokens", MetadataValue.From((long)random.Next(1_000))), ("cached", MetadataValue.From(random.Next(2) == 0)), ("share", MetadataValue.From(random.Next(8) / 8.0)),
            ("model", MetadataValue.From("m1")), ("none", default),
        }.Where(_ => random.Next(3) > 0).Select(member => KeyValuePair.Create(member.Name, member.Value))),
    };

    private static async Task<Dictionary<(SeriesKey, OperationStatus), Rollup>> RollUpAsync(IOperationReader reader, TimeRange range, SeriesFilter filter, bool withFacts)
    {
        var rollups = new Dictionary<(SeriesKey, OperationStatus), Rollup>();
        await reader.RollUpAsync(range, filter, withFacts, (series, outcome, rollup) => rollups.Add((series, outcome), rollup), Token);
        return rollups;
    }

    /// <summary>Rolls up as a reader does that can only walk operations.</summary>
    private sealed class ByScan(IOperationReader reader) : IOperationReader
    {
        public ValueTask ScanAsync(TimeRange range, OperationFilter filter, Func<Operation, bool> each, CancellationToken cancellationToken) =>
            reader.ScanAsync(range, filter, each, cancellationToken);

        public ValueTask<Operation?> FindAsync(Guid id, CancellationToken cancellationToken) => throw new NotSupportedException();

        public ValueTask<IReadOnlyList<Operation>> ReadRunningAsync(CancellationToken cancellationToken) => throw new NotSupportedException();

        public ValueTask<OperationPage> ReadPageAsync(OperationQuery query, CancellationToken cancellationToken) => throw new NotSupportedException();

        public ValueTask ReadRollupsAsync(
            RollupResolution resolution, long from, long to, SeriesIndex series, Action<long, RollupPage> each, CancellationToken cancellationToken) => throw new NotSupportedException();

        public IReadOnlyList<string> ReadSources() => throw new NotSupportedException();
    }
}
