using System.Buffers.Binary;
using FsCheck.Xunit;
using PerfPortal.Server.Storage.Blocks;
using Xunit;

namespace PerfPortal.Tests.Storage.Blocks;

public sealed class BlockDamageTests
{
    [Theory]
    [InlineData("None")]
    [InlineData("Dense")]
    public void Every_changed_byte_is_noticed(string compression)
    {
        byte[] bytes = AnyOperations.Write(AnyOperations.Of(new Random(11), 12), Enum.Parse<BlockCompression>(compression));
        for (int i = 0; i < bytes.Length; i++)
        {
            bytes[i] ^= (byte)(1 << (i & 7));
            Assert.Throws<InvalidDataException>(() => ReadAll(bytes));
            bytes[i] ^= (byte)(1 << (i & 7));
        }

        ReadAll(bytes);
    }

    [Fact]
    public void A_block_that_was_cut_or_is_longer_is_noticed()
    {
        byte[] bytes = AnyOperations.Write(AnyOperations.Of(new Random(12), 12), BlockCompression.Fast);
        for (int i = 0; i < bytes.Length; i++)
        {
            Assert.Throws<InvalidDataException>(() => OperationBlock.Open(bytes.AsMemory(0, i)));
        }

        Assert.Throws<InvalidDataException>(() => OperationBlock.Open(new byte[bytes.Length]));
        Assert.Throws<InvalidDataException>(() => OperationBlock.Open((byte[])[.. bytes, 0]));
    }

    [Property(MaxTest = 300)]
    public void Damage_under_right_checksums_throws_nothing_else(int seed)
    {
        var random = new Random(seed);
        byte[] bytes = AnyOperations.Write(AnyOperations.Of(random, random.Next(1, 30)), (BlockCompression)random.Next(2));
        for (int i = random.Next(1, 4); i > 0; i--)
        {
            bytes[random.Next(BlockHeader.Length, bytes.Length)] = (byte)random.Next(256);
        }

        Sign(bytes);
        try
        {
            ReadAll(bytes);
        }
        catch (InvalidDataException)
        {
        }
    }

    [Fact]
    public void The_checksum_is_that_of_the_standard() => Assert.Equal(0xE3069283u, Crc32C.Of("123456789"u8));

    private static void ReadAll(byte[] bytes)
    {
        var block = OperationBlock.Open(bytes);
        for (int i = 0; i < block.Count; i++)
        {
            AnyOperations.At(block, i);
        }
    }

    private static void Sign(byte[] bytes)
    {
        int start = BlockHeader.Length;
        for (int i = 0; i < BlockHeader.Sections; i++)
        {
            var entry = bytes.AsSpan(6 + 13 * i, 13);
            int length = BinaryPrimitives.ReadInt32LittleEndian(entry[1..]);
            BinaryPrimitives.WriteUInt32LittleEndian(entry[9..], Crc32C.Of(bytes.AsSpan(start, length)));
            start += length;
        }

        BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(BlockHeader.Length - 4), Crc32C.Of(bytes.AsSpan(0, BlockHeader.Length - 4)));
    }
}
