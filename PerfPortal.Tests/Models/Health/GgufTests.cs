using System.Buffers.Binary;
using PerfPortal.Domain.Models.Health.Results;
using Xunit;

namespace PerfPortal.Tests.Models.Health;

public sealed class GgufTests
{
    private const string Name = "model.gguf";

    [Theory]
    [InlineData(2u)]
    [InlineData(3u)]
    public void A_valid_file_has_no_finding(uint version) => Assert.Empty(SmallFiles.Examine(Name, SmallFiles.Gguf(version: version)).Reasons);

    [Fact]
    public void A_big_endian_file_is_read_and_said_to_be_one()
    {
        var reason = Assert.Single(SmallFiles.Examine(Name, SmallFiles.Gguf(isBigEndian: true)).Reasons);
        Assert.Equal((HealthReasonKinds.UnknownFeature, HealthSeverity.Warning), (reason.Kind, reason.Severity));
        Assert.Contains("big-endian", reason.Sentence, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(8, ulong.MaxValue)]
    [InlineData(8, 1UL << 40)]
    [InlineData(16, ulong.MaxValue)]
    [InlineData(16, 1UL << 33)]
    [InlineData(24, ulong.MaxValue)]
    public void A_count_that_the_file_has_no_room_for_is_found(int at, ulong count)
    {
        byte[] file = SmallFiles.Gguf();
        BinaryPrimitives.WriteUInt64LittleEndian(file.AsSpan(at), count);
        var reason = Assert.Single(SmallFiles.Examine(Name, file).Reasons);
        Assert.Equal((HealthReasonKinds.Header, at), (reason.Kind, (int)reason.Offset!));
    }

    [Fact]
    public void Tensors_that_overlap_or_leave_holes_or_are_not_aligned_are_found()
    {
        byte[] file = SmallFiles.Gguf();
        int offsetAt = file.AsSpan().IndexOf("output_norm.weight"u8) + "output_norm.weight".Length + 4 + 8 + 4;
        foreach (var (offset, kind) in new[] { (2_016UL, HealthReasonKinds.Overlap), (2_080UL, HealthReasonKinds.Hole), (2_049UL, HealthReasonKinds.Alignment), (1UL << 60, HealthReasonKinds.Truncated) })
        {
            BinaryPrimitives.WriteUInt64LittleEndian(file.AsSpan(offsetAt), offset);
            Assert.Contains(kind, SmallFiles.Kinds(Name, file));
        }
    }

    [Fact]
    public void A_type_that_may_be_newer_is_a_warning_and_one_that_never_was_is_an_error()
    {
        byte[] file = SmallFiles.Gguf();
        int typeAt = file.AsSpan().IndexOf("output_norm.weight"u8) + "output_norm.weight".Length + 4 + 8;
        BinaryPrimitives.WriteUInt32LittleEndian(file.AsSpan(typeAt), 45);
        Assert.False(SmallFiles.Examine(Name, file).HasError);
        Assert.Equal([HealthReasonKinds.UnknownFeature], SmallFiles.Kinds(Name, file));
        BinaryPrimitives.WriteUInt32LittleEndian(file.AsSpan(typeAt), 4);
        Assert.True(SmallFiles.Examine(Name, file).HasError);
    }

    /// <summary>What the structure cannot tell: another key or name of the same kind, another value of the metadata. The hash finds those.</summary>
    [Fact]
    public void Every_flipped_bit_of_the_header_is_found_unless_it_only_changes_a_name_or_a_value()
    {
        byte[] file = SmallFiles.Gguf();
        int end = file.AsSpan().IndexOf("output_norm.weight"u8) + "output_norm.weight".Length + 4 + 8 + 4 + 8;
        bool[] harmless = Harmless(file);
        for (int bit = 0; bit < end * 8; bit++)
        {
            file[bit / 8] ^= (byte)(1 << (bit % 8));
            if (SmallFiles.Kinds(Name, file).Length == 0)
            {
                Assert.True(harmless[bit / 8], $"Bit {bit % 8} of byte {bit / 8} was not found.");
            }

            file[bit / 8] ^= (byte)(1 << (bit % 8));
        }
    }

    [Fact]
    public void A_file_cut_off_anywhere_is_found()
    {
        byte[] file = SmallFiles.Gguf();
        for (int length = 0; length < file.Length; length++)
        {
            Assert.NotEmpty(SmallFiles.Kinds(Name, file[..length]));
        }
    }

    private static bool[] Harmless(byte[] file)
    {
        bool[] harmless = new bool[file.Length];
        void Mark(ReadOnlySpan<byte> what, ReadOnlySpan<byte> file, int before, int after)
        {
            int at = file.IndexOf(what);
            Array.Fill(harmless, true, at - before, before + what.Length + after);
        }

        // Version 2 and 3 have the same structure; names; values; the type of a value among those of the same length.
        harmless[4] = true;
        foreach (string key in new[] { "general.architecture", "general.alignment", "llama.block_count", "llama.use_bias", "llama.eps", "tokenizer.ggml.tokens", "tokenizer.ggml.scores", "llama.flags", "llama.nested" })
        {
            Mark(System.Text.Encoding.ASCII.GetBytes(key), file, 0, 0);
        }

        Mark("token_embd.weight"u8, file, 0, 0);
        Mark("output_norm.weight"u8, file, 0, 0);
        Mark("llama.block_count"u8, file, 0, 12);
        Mark("llama.use_bias"u8, file, 0, 5);
        Mark("llama.eps"u8, file, 0, 8);
        Mark("tokenizer.ggml.tokens"u8, file, 0, 16 + 9 + 9 + 11);
        Mark("tokenizer.ggml.scores"u8, file, 0, 16 + 12);
        Mark("llama.flags"u8, file, 0, 18);
        Mark("llama.nested"u8, file, 0, 36);
        Array.Fill(harmless, true, file.AsSpan().IndexOf("general.architecture"u8) + 32, 5);
        // The alignment: with 8, 16 and 64 the same offsets may be valid.
        Mark("general.alignment"u8, file, 0, 8);
        return harmless;
    }
}
