using System.Buffers.Binary;
using PerfPortal.Domain.Models.Health.Results;
using Xunit;

namespace PerfPortal.Tests.Models.Health;

public sealed class TorchTests
{
    private const string Name = "pytorch_model.bin";

    [Fact]
    public void Archives_and_old_pickles_are_recognized()
    {
        Assert.Equal("PyTorch archive", SmallFiles.Examine(Name, SmallFiles.Torch()).Format);
        Assert.Equal("PyTorch pickle", SmallFiles.Examine(Name, SmallFiles.OldTorch()).Format);
        Assert.Empty(SmallFiles.Kinds(Name, SmallFiles.Torch()));
        Assert.Empty(SmallFiles.Kinds(Name, SmallFiles.OldTorch()));
    }

    [Fact]
    public void An_archive_without_its_pickle_is_found() => Assert.Equal([HealthReasonKinds.Missing], SmallFiles.Kinds(Name, SmallFiles.Torch(withPickle: false)));

    [Fact]
    public void Every_flipped_bit_of_a_small_entry_is_found_by_its_checksum()
    {
        byte[] file = SmallFiles.Torch();
        int at = file.AsSpan().IndexOf(new byte[] { 10, 11, 12, 13 });
        for (int bit = 0; bit < 64; bit++)
        {
            file[at + (bit / 8)] ^= (byte)(1 << (bit % 8));
            Assert.Equal([HealthReasonKinds.Checksum], SmallFiles.Kinds(Name, file));
            file[at + (bit / 8)] ^= (byte)(1 << (bit % 8));
        }
    }

    /// <summary>Not in the structure: versions, times, attributes and comments of entries, which no reader uses. The hash finds those.</summary>
    [Fact]
    public void Every_flipped_bit_of_the_directory_is_found_unless_no_reader_uses_it()
    {
        byte[] file = SmallFiles.Torch();
        int start = (int)BinaryPrimitives.ReadUInt32LittleEndian(file.AsSpan(file.Length - 6));
        bool[] unused = new bool[file.Length];
        for (int at = start; at < file.Length - 22; at += 46 + BinaryPrimitives.ReadUInt16LittleEndian(file.AsSpan(at + 28)))
        {
            Array.Fill(unused, true, at + 4, 4);
            Array.Fill(unused, true, at + 12, 4);
            Array.Fill(unused, true, at + 34, 8);
        }

        for (int bit = start * 8; bit < file.Length * 8; bit++)
        {
            file[bit / 8] ^= (byte)(1 << (bit % 8));
            Assert.True(SmallFiles.Kinds(Name, file).Length > 0 || unused[bit / 8], $"Bit {bit % 8} of byte {bit / 8} (directory at {start}) was not found.");
            file[bit / 8] ^= (byte)(1 << (bit % 8));
        }
    }

    [Fact]
    public void An_archive_cut_off_anywhere_is_found()
    {
        byte[] file = SmallFiles.Torch();
        for (int length = 0; length < file.Length; length++)
        {
            Assert.NotEmpty(SmallFiles.Kinds(Name, file[..length]));
        }
    }

    [Fact]
    public void An_old_pickle_cut_off_before_its_contents_is_found()
    {
        byte[] file = SmallFiles.OldTorch();
        for (int length = 0; length < file.Length - 12; length++)
        {
            Assert.NotEmpty(SmallFiles.Kinds(Name, file[..length]));
        }
    }

    [Fact]
    public void Text_under_the_name_of_weights_is_found()
    {
        Assert.Equal([HealthReasonKinds.Header], SmallFiles.Kinds(Name, "any text that is longer than a header"u8.ToArray()));
        Assert.Equal([HealthReasonKinds.PartialDownload], SmallFiles.Kinds("a.safetensors", "version https://git-lfs.github.com/spec/v1\noid sha256:00\nsize 3\n"u8.ToArray()));
        Assert.Equal([HealthReasonKinds.PartialDownload], SmallFiles.Kinds("config.json", "<!DOCTYPE html><html></html>"u8.ToArray()));
        Assert.Null(SmallFiles.Examine("tokens.bin", "any bytes"u8.ToArray()).Format);
    }
}
