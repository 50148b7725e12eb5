using PerfPortal.Domain.Operations;
using PerfPortal.Server.Storage.Blocks;
using Xunit;

namespace PerfPortal.Tests.Storage.Blocks;

public sealed class OperationBlockWriterTests
{
    [Fact]
    public void A_block_holds_neither_nothing_nor_too_much()
    {
        Assert.Throws<ArgumentException>(() => AnyOperations.Write([], BlockCompression.None));
        Assert.Throws<ArgumentException>(() => AnyOperations.Write(AnyOperations.Similar(OperationBlockWriter.MaxOperations + 1), BlockCompression.None));
    }

    [Fact]
    public void Operations_must_be_in_the_order_of_end_and_id()
    {
        var operations = AnyOperations.Similar(3);
        Assert.Throws<ArgumentException>(() => AnyOperations.Write([operations[1], operations[0]], BlockCompression.None));
        Assert.Throws<ArgumentException>(() => AnyOperations.Write([operations[0], operations[0]], BlockCompression.None));
        var twin = operations[0] with { Id = new Guid(0xFFFFFFFF, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0) };
        Assert.Equal(2, OperationBlock.Open(AnyOperations.Write([operations[0], twin], BlockCompression.None)).Count);
        Assert.Throws<ArgumentException>(() => AnyOperations.Write([twin, operations[0]], BlockCompression.None));
    }

    [Fact]
    public void Only_what_ended_after_its_start_is_written()
    {
        var operation = AnyOperations.Similar(1)[0];
        Assert.Throws<ArgumentException>(() => AnyOperations.Write([operation with { EndTime = null }], BlockCompression.None));
        Assert.Throws<ArgumentException>(() => AnyOperations.Write([operation with { EndTime = operation.StartTime.AddTicks(-10) }], BlockCompression.None));
    }

    [Fact]
    public void A_refused_block_leaves_nothing_behind()
    {
        var operations = AnyOperations.Similar(20);
        byte[] before = AnyOperations.Write(operations, BlockCompression.None);
        Assert.Throws<ArgumentException>(() => AnyOperations.Write([.. operations, operations[0]], BlockCompression.None));
        Assert.Equal(before, AnyOperations.Write(operations, BlockCompression.None));
    }

    [Fact]
    public void The_extents_of_series_are_those_of_their_operations()
    {
        var random = new Random(11);
        for (int i = 0; i < 50; i++)
        {
            var operations = AnyOperations.Of(random, random.Next(1, 300));
            var (bytes, extents) = OperationBlockWriter.WriteWithExtents(operations, AnyOperations.SeriesOf, BlockCompression.None);
            Assert.Equal(OperationBlock.Open(bytes).Series, extents.Select(extent => extent.Series));
            var expected = operations.GroupBy(AnyOperations.SeriesOf).ToDictionary(
                group => group.Key, group => (group.Min(Duration), group.Max(Duration)));
            Assert.Equal(expected, extents.ToDictionary(extent => extent.Series, extent => (extent.MinDuration, extent.MaxDuration)));
        }

        static long Duration(Operation operation) => operation.EndTime!.Value.ToMicroseconds() - operation.StartTime.ToMicroseconds();
    }

    [Theory]
    [InlineData("None", 16)]
    [InlineData("Fast", 6)]
    [InlineData("Dense", 6)]
    public void Similar_operations_take_few_bytes(string compression, int maxBytesEach)
    {
        var operations = AnyOperations.Similar(4096);
        byte[] block = AnyOperations.Write(operations, Enum.Parse<BlockCompression>(compression));
        Assert.InRange(block.Length, 1, maxBytesEach * operations.Count);
    }

    [Fact]
    public void Ids_of_the_portal_take_well_below_a_byte_and_random_ones_sixteen()
    {
        var operations = AnyOperations.Similar(4096);
        var block = OperationBlock.Open(AnyOperations.Write(operations, BlockCompression.Fast));
        Assert.InRange(block.LengthOf(BlockSection.Ids), 1, operations.Count / 4);

        var random = AnyOperations.Sorted(operations.Select(operation => operation with { Id = Guid.NewGuid() }));
        block = OperationBlock.Open(AnyOperations.Write(random, BlockCompression.Dense));
        Assert.Equal(16 * operations.Count + 1, block.LengthOf(BlockSection.Ids));
    }

    [Fact]
    public void What_never_changes_costs_a_few_bytes_for_all()
    {
        var plain = AnyOperations.Similar(4096).ConvertAll(operation => operation with { Metadata = Metadata.Empty });
        var same = plain.ConvertAll(operation => operation with
        {
            Metadata = Metadata.Of([new("model", MetadataValue.From("llama")), new("heat", MetadataValue.From(0.7)), new("tokens", MetadataValue.From(12L))]),
        });
        int more = AnyOperations.Write(same, BlockCompression.None).Length - AnyOperations.Write(plain, BlockCompression.None).Length;
        Assert.InRange(more, 1, 100);
    }
}
