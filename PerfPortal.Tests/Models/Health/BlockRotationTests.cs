using PerfPortal.Domain.Models.Health.Reading;
using PerfPortal.Domain.Models.Health.Results;
using Xunit;

namespace PerfPortal.Tests.Models.Health;

public sealed class BlockRotationTests
{
    [Theory]
    [InlineData(0, 25)]
    [InlineData(1, 25)]
    [InlineData(24, 25)]
    [InlineData(1_000, 25)]
    [InlineData(1_025, 7)]
    [InlineData(5, 1)]
    public void Any_checks_in_a_row_that_make_a_round_read_every_block_exactly_once(int blocks, int parts)
    {
        foreach (ulong key in new ulong[] { 0, 1, 0xdeadbeef, ulong.MaxValue })
        {
            var rotation = new BlockRotation(blocks, parts, key);
            for (int first = 0; first < parts; first++)
            {
                int[] read = [.. Enumerable.Range(first, parts).SelectMany(check => rotation.PartOf(check)).Order()];
                Assert.Equal(Enumerable.Range(0, blocks), read);
            }

            Assert.All(Enumerable.Range(0, parts), check => Assert.InRange(rotation.PartOf(check).Length, blocks / parts, (blocks / parts) + 1));
        }
    }

    [Fact]
    public void Another_key_is_another_order() => Assert.NotEqual(new BlockRotation(1_000, 25, 1).PartOf(3), new BlockRotation(1_000, 25, 2).PartOf(3));

    [Fact]
    public void Damaged_ranges_are_merged_and_what_was_cut_off_is_added()
    {
        const long Block = BlockHashes.BlockSize;
        UInt128[] trusted = [1, 2, 3, 4, 5];
        long size = (4 * Block) + 10;
        Assert.Equal([new(Block, 2 * Block)], BlockHashes.Damaged(trusted, size, [1, 9, 9, 4, 5], size));
        Assert.Equal([new(4 * Block, 10)], BlockHashes.Damaged(trusted, size, [1, 2, 3, 4, 9], size));
        Assert.Equal([new ByteRange(3 * Block, Block + 10)], BlockHashes.Damaged(trusted, size, [1, 2, 3], 3 * Block));
    }
}
