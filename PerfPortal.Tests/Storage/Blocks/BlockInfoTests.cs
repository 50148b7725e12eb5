using PerfPortal.Domain.Operations;
using PerfPortal.Server.Storage;
using PerfPortal.Server.Storage.Blocks;
using Xunit;

namespace PerfPortal.Tests.Storage.Blocks;

public sealed class BlockInfoTests
{
    [Theory]
    [InlineData(3)]
    [InlineData(400)]
    public void A_block_is_passed_over_when_it_has_no_operation_of_a_source_or_a_name(int series)
    {
        var names = new NameDirectory();
        var block = Block(series);
        Assert.True(block.MayContain(Match(names, sourceId: 1, nameId: series)));
        Assert.False(block.MayContain(Match(names, sourceId: 2, nameId: 1)));
        Assert.False(block.MayContain(Match(names, sourceId: 1, nameId: series + 1)));
        Assert.False(block.MayContain(Match(names, sourceId: null, nameId: 100_000)));
    }

    [Fact]
    public void The_durations_of_a_series_are_known_where_there_are_few()
    {
        var names = new NameDirectory();
        Assert.Equal((2_000, 2_500), Block(3).DurationsOf(Match(names, null, nameId: 2)));
        Assert.Equal((1_000, 3_500), Block(3).DurationsOf(Match(names, null, null)));
        Assert.Null(Block(3).DurationsOf(Match(names, null, nameId: 4)));
        Assert.Equal((1_000, 400_500), Block(400).DurationsOf(Match(names, null, nameId: 2)));
        Assert.Equal((2_000, 400_500), Block(400).DurationsOf(Match(names, null, null) with { Types = 1 << (int)MetricType.ModelOperation }));
        Assert.Equal((1_000, 399_500), Block(400).DurationsOf(Match(names, null, null) with { Types = 1 << (int)MetricType.HealthCheck }));
        Assert.Null(Block(400).DurationsOf(Match(names, null, null) with { Types = 1 << (int)MetricType.FallbackStrategy }));
    }

    [Fact]
    public void The_durations_of_a_type_do_not_depend_on_the_order_of_its_series()
    {
        var series = Enumerable.Range(1, 400).Select(name => new SeriesExtent(new(MetricType.HealthCheck, 1, name, OperationStatus.Succeeded), name * 1_000, (name * 1_000) + 500)).Reverse();
        var block = new BlockInfo(1, BlockState.Packed, 0, new(800, 0, 1, 0, 1, 1_000, 400_500), IdExtent.Unknown, [.. series]);
        Assert.Equal((1_000, 400_500), block.DurationsOf(Match(new(), null, null)));
    }

    private static SeriesMatch Match(NameDirectory names, int? sourceId, int? nameId) =>
        SeriesMatch.Of(new(), names)! with { SourceId = sourceId, NameId = nameId };

    /// <summary>Series of source 1, whose names are 1, 2, …, the odd ones health checks; the operations of name n take n to n + 0.5 ms.</summary>
    private static BlockInfo Block(int series) => new(
        1, BlockState.Packed, 0, new(2 * series, 0, 1, 0, 1, 1_000, (series * 1_000) + 500), IdExtent.Unknown,
        [.. Enumerable.Range(1, series).Select(name => new SeriesExtent(new(name % 2 == 1 ? MetricType.HealthCheck : MetricType.ModelOperation, 1, name, OperationStatus.Succeeded), name * 1_000, (name * 1_000) + 500))]);
}
