using FsCheck.Xunit;
using PerfPortal.Domain.Operations;
using PerfPortal.Server.Storage;
using PerfPortal.Server.Storage.Blocks;
using Xunit;

namespace PerfPortal.Tests.Storage.Blocks;

public sealed class OperationBlockTests
{
    [Property(MaxTest = 150)]
    public void What_is_written_is_read(int seed)
    {
        var random = new Random(seed);
        var operations = AnyOperations.Of(random, random.Next(1, 80));
        var block = OperationBlock.Open(AnyOperations.Write(operations, (BlockCompression)random.Next(3)));
        Assert.Equal(operations.Count, block.Count);
        for (int i = 0; i < operations.Count; i++)
        {
            AnyOperations.AssertSame(operations[i], AnyOperations.At(block, i));
            Assert.Equal(operations[i].ErrorType, block.ErrorTypeAt(i));
            Assert.Equal(operations[i].ErrorMessage, block.ErrorMessageAt(i));
        }
    }

    [Property(MaxTest = 50)]
    public void The_columns_say_what_the_operations_say(int seed)
    {
        var random = new Random(seed);
        var operations = AnyOperations.Of(random, random.Next(1, 80));
        var block = OperationBlock.Open(AnyOperations.Write(operations, (BlockCompression)random.Next(3)));
        Assert.Equal(operations.Select(operation => operation.EndTime!.Value.ToMicroseconds()), block.Ends.ToArray());
        Assert.Equal(operations.Select(operation => operation.Duration!.Value.ToMicroseconds()), block.Durations.ToArray());
        Assert.Equal(operations.Select(AnyOperations.SeriesOf), block.SeriesIndex.ToArray().Select(index => block.Series[index]));
        Assert.Equal(block.Series.Distinct(), block.Series);
        Assert.Equal(operations.GroupBy(AnyOperations.SeriesOf).ToDictionary(group => group.Key, group => group.Count()), block.Series.Zip(block.SeriesCounts).ToDictionary(pair => pair.First, pair => pair.Second));
        var ids = new (long, long)[block.Count];
        block.CopyIds(ids);
        Assert.Equal(operations.Select(operation => OperationKeys.Split(operation.Id)), ids);
    }

    [Theory]
    [InlineData("None")]
    [InlineData("Fast")]
    public void The_largest_block_is_read(string compression)
    {
        var operations = AnyOperations.Similar(OperationBlockWriter.MaxOperations);
        var block = OperationBlock.Open(AnyOperations.Write(operations, Enum.Parse<BlockCompression>(compression)));
        foreach (int index in (int[])[0, 1, 255, 256, 4095, 32_768, block.Count - 1])
        {
            AnyOperations.AssertSame(operations[index], AnyOperations.At(block, index));
            Assert.Equal(index, block.IndexOf(operations[index].Id));
        }
    }

    [Property(MaxTest = 50)]
    public void An_id_is_found_where_it_is(int seed)
    {
        var random = new Random(seed);
        var operations = AnyOperations.Of(random, random.Next(1, 80));
        var block = OperationBlock.Open(AnyOperations.Write(operations, (BlockCompression)random.Next(3)));
        Assert.All(operations, (operation, index) => Assert.Equal(index, block.IndexOf(operation.Id)));
        var (high, low) = OperationKeys.Split(operations[^1].Id);
        Assert.Equal(-1, block.IndexOf(OperationKeys.Join(~high, low)));
        Assert.Equal(-1, block.IndexOf(OperationKeys.Join(high, low ^ long.MinValue ^ 1)));
    }

    [Fact]
    public void Ids_derived_from_reports_of_several_senders_at_once_are_read_back_and_take_little_more_than_counted_ones()
    {
        var counted = AnyOperations.Similar(4_096);
        ulong[] reports = [0xFFF_FFFF_FFFF, 0x123_4567_89ab, 0x800_0000_0000, 1, 0xabc_def0_1234, 0x555_5555_5555, 0x333_1111_9999, 0x777_6666_2222];
        var derived = counted.Select((operation, i) => operation with { Id = OperationIds.Derive(operation.StartTime, reports[i * 31 % 61 % 8], i / 8) }).ToList();
        byte[] bytes = AnyOperations.Write(AnyOperations.Sorted(derived), BlockCompression.Dense);
        var block = OperationBlock.Open(bytes);
        Assert.Equal(AnyOperations.Sorted(derived).Select(operation => operation.Id), Enumerable.Range(0, block.Count).Select(block.IdAt));

        // Three bits say which of eight reports an operation is from, and its number in the report is not quite regular here.
        Assert.InRange(bytes.Length - AnyOperations.Write(counted, BlockCompression.Dense).Length, 0, 2 * block.Count);
    }

    [Fact]
    public void Ids_that_share_a_half_are_told_apart()
    {
        var first = AnyOperations.Similar(1)[0];
        var operations = AnyOperations.Sorted(Enumerable.Range(0, 9).Select(i => first with { Id = OperationKeys.Join(i / 3, i % 3) }));
        var block = OperationBlock.Open(AnyOperations.Write(operations, BlockCompression.None));
        Assert.All(operations, (operation, index) => Assert.Equal(index, block.IndexOf(operation.Id)));
    }

    [Fact]
    public void Several_threads_read_one_block()
    {
        var operations = AnyOperations.Of(new Random(3), 300);
        var block = OperationBlock.Open(AnyOperations.Write(operations, BlockCompression.Fast));
        Parallel.For(0, 4, _ =>
        {
            for (int i = 0; i < operations.Count; i++)
            {
                AnyOperations.AssertSame(operations[i], AnyOperations.At(block, i));
            }
        });
    }

    [Fact]
    public void What_is_not_looked_at_is_not_checked_or_decoded()
    {
        var operations = AnyOperations.Of(new Random(5), 60);
        byte[] bytes = AnyOperations.Write(operations, BlockCompression.Fast);
        var header = BlockHeader.Read(bytes);
        foreach (var section in (BlockSection[])[BlockSection.Durations, BlockSection.Ids, BlockSection.Details])
        {
            bytes[header[section].Start + header[section].Length / 2] ^= 4;
        }

        var block = OperationBlock.Open(bytes);
        Assert.Equal(operations.Select(operation => operation.EndTime!.Value.ToMicroseconds()), block.Ends.ToArray());
        Assert.Equal(operations.Count, block.SeriesIndex.Length);
        Assert.Equal(operations[7].ErrorMessage, block.ErrorMessageAt(7));
        Assert.Throws<InvalidDataException>(() => block.Durations.Length);
        Assert.Throws<InvalidDataException>(() => block.IdAt(0));
        Assert.Throws<InvalidDataException>(() => AnyOperations.At(block, 0));
    }
}
