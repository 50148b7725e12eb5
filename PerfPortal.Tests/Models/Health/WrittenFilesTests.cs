using System.Buffers.Binary;
using System.Text;
using PerfPortal.Domain.Models.Health.Results;
using Xunit;

namespace PerfPortal.Tests.Models.Health;

/// <summary>Files that PyTorch and onnx wrote, and what these libraries refuse or read wrongly when they are damaged.</summary>
public sealed class WrittenFilesTests
{
    private const string Name = "pytorch_model.bin";

    [Theory]
    [InlineData("model.pt", nameof(WrittenFiles.Archive))]
    [InlineData(Name, nameof(WrittenFiles.Old))]
    [InlineData("model.pth", nameof(WrittenFiles.OldProtocol4))]
    [InlineData("last.ckpt", nameof(WrittenFiles.LongName))]
    [InlineData("model.pt", nameof(WrittenFiles.Package))]
    [InlineData("model.onnx", nameof(WrittenFiles.Loop))]
    [InlineData("model.onnx", nameof(WrittenFiles.Function))]
    public void Files_of_the_libraries_have_no_finding(string name, string file) => Assert.Empty(SmallFiles.Examine(name, BytesOf(file)).Reasons);

    [Theory]
    [InlineData("last.ckpt", nameof(WrittenFiles.LongName))]
    [InlineData("model.pt", nameof(WrittenFiles.Package))]
    [InlineData(Name, nameof(WrittenFiles.Old))]
    [InlineData(Name, nameof(WrittenFiles.OldProtocol4))]
    public void A_file_cut_off_anywhere_is_found(string name, string file)
    {
        byte[] bytes = BytesOf(file);
        for (int length = 0; length < bytes.Length; length++)
        {
            Assert.True(SmallFiles.Examine(name, bytes[..length]).Reasons.Count > 0, $"A cut at byte {length} of {bytes.Length} was not found.");
        }
    }

    [Fact]
    public void An_old_file_cut_off_in_its_tensors_says_in_which()
    {
        byte[] file = WrittenFiles.Old;
        var reason = Assert.Single(SmallFiles.Examine(Name, file[..^1]).Reasons);
        Assert.Equal((HealthReasonKinds.Truncated, HealthSeverity.Error), (reason.Kind, reason.Severity));
        Assert.Contains("tensor '", reason.Sentence, StringComparison.Ordinal);
    }

    [Fact]
    public void Another_number_of_elements_in_an_old_file_is_found()
    {
        byte[] file = WrittenFiles.Old;
        // Two 64-bit integers after three floats, each with the number before it.
        file[^24]++;
        var reason = Assert.Single(SmallFiles.Examine(Name, file).Reasons);
        Assert.Equal(HealthReasonKinds.Contradiction, reason.Kind);
        Assert.Contains("should have 2 elements, and have 3", reason.Sentence, StringComparison.Ordinal);
    }

    /// <summary>PyTorch refuses these too. Bits of names, of values and of numbers that only the tensors' classes read are found by the hash.</summary>
    [Fact]
    public void An_old_pickle_that_no_reader_can_follow_is_found()
    {
        byte[] file = WrittenFiles.Old;
        Assert.NotEmpty(SmallFiles.Kinds(Name, Replaced(file, "storage"u8, "rtorage"u8)));
        Assert.NotEmpty(SmallFiles.Kinds(Name, Replaced(file, [(byte)'M', 0xe9, 3], [(byte)'M', 0xe8, 3])));
        Assert.NotEmpty(SmallFiles.Kinds(Name, Replaced(file, ")R"u8, "]R"u8)));
        Assert.NotEmpty(SmallFiles.Kinds(Name, Replaced(file, ")R"u8, "NR"u8)));
        Assert.NotEmpty(SmallFiles.Kinds(Name, Replaced(file, "ccollections"u8, "ucollections"u8)));
    }

    /// <summary>PyTorch takes an entry with this attribute for a directory, reads nothing and returns what its memory happens to contain.</summary>
    [Fact]
    public void An_entry_with_content_that_claims_to_be_a_directory_is_found()
    {
        byte[] file = WrittenFiles.Archive;
        file[DirectoryAt(file) + 38] ^= 0x10;
        Assert.Contains(HealthReasonKinds.Header, SmallFiles.Kinds("model.pt", file));
    }

    [Fact]
    public void References_to_other_archives_are_found()
    {
        byte[] file = WrittenFiles.Archive;
        int end64 = file.AsSpan().IndexOf("PK\x06\x06"u8);
        foreach (int at in new[] { DirectoryAt(file) + 34, end64 + 16, end64 + 20, end64 + 56 + 4, end64 + 56 + 17 })
        {
            byte[] damaged = [.. file];
            damaged[at] ^= 0x20;
            Assert.Equal([HealthReasonKinds.Header], SmallFiles.Kinds("model.pt", damaged));
        }
    }

    /// <summary>PyTorch 2 can leave checksums out.</summary>
    [Fact]
    public void The_pickle_of_an_archive_without_checksums_is_examined()
    {
        byte[] file = WrittenFiles.Archive;
        for (int at = DirectoryAt(file); BinaryPrimitives.ReadUInt32LittleEndian(file.AsSpan(at)) == 0x02014b50; at += 46 + file[at + 28] + file[at + 30] + file[at + 32])
        {
            file.AsSpan(at + 16, 4).Clear();
        }

        Assert.Empty(SmallFiles.Kinds("model.pt", file));
        file[file.AsSpan().IndexOf("ccollections"u8)] = (byte)'u';
        Assert.Equal([HealthReasonKinds.Header], SmallFiles.Kinds("model.pt", file));
    }

    [Theory]
    [InlineData("")]
    [InlineData("\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0data")]
    public void A_checkpoint_without_a_beginning_is_damaged(string text) => Assert.True(SmallFiles.Examine("last.ckpt", Encoding.UTF8.GetBytes(text)).HasError);

    [Fact]
    public void A_name_that_only_a_node_uses_is_found_in_every_graph()
    {
        foreach (byte[] file in new[] { WrittenFiles.Loop, WrittenFiles.Function, SmallFiles.Onnx() })
        {
            int found = 0;
            for (int at = 1; at < file.Length - 1; at++)
            {
                byte[] damaged = [.. file];
                damaged[at] ^= 2;
                found += SmallFiles.Kinds("model.onnx", damaged).Contains(HealthReasonKinds.Contradiction) ? 1 : 0;
            }

            Assert.True(found >= 6, $"Only {found} changed names were found.");
        }
    }

    [Fact]
    public void The_sentence_says_which_name_is_not_there()
    {
        byte[] file = SmallFiles.Onnx();
        int input = file.AsSpan().IndexOf("\x0a\x01X"u8);
        file[input + 2] = (byte)'Q';
        var reason = Assert.Single(SmallFiles.Examine("model.onnx", file).Reasons);
        Assert.Equal((HealthReasonKinds.Contradiction, HealthSeverity.Error, (long?)(input + 2)), (reason.Kind, reason.Severity, reason.Offset));
        Assert.Contains("'Q'", reason.Sentence, StringComparison.Ordinal);
    }

    [Fact]
    public void An_attribute_with_a_value_that_is_not_of_its_type_is_found()
    {
        byte[] file = SmallFiles.Onnx();
        // The type 1, a float, whose value follows.
        file[file.AsSpan().IndexOf(new byte[] { 0xa0, 0x01, 0x01, 0x15 }) + 2] = 2;
        var reason = Assert.Single(SmallFiles.Examine("model.onnx", file).Reasons);
        Assert.Equal(HealthReasonKinds.Contradiction, reason.Kind);
        Assert.Contains("type 2", reason.Sentence, StringComparison.Ordinal);
    }

    /// <summary>PyTorch does not compare checksums: it would load the changed value.</summary>
    [Fact]
    public async Task A_flipped_bit_in_a_large_tensor_is_found_by_the_first_full_check_without_a_hash()
    {
        using var folder = new ModelFolder();
        byte[] archive = SmallFiles.Torch(largeBytes: 3 * 1024 * 1024);
        string path = folder.Write("org/m/pytorch_model.bin", archive);
        folder.Write("org/n/pytorch_model.bin", archive);
        ModelFolder.FlipSilently(path, 2_500_000);
        var monitor = folder.Monitor();

        var damaged = await monitor.CheckAsync("org/m", full: true, cancellationToken: TestContext.Current.CancellationToken);
        var whole = await monitor.CheckAsync("org/n", full: true, cancellationToken: TestContext.Current.CancellationToken);

        Assert.Equal(HealthState.Damaged, damaged.State);
        Assert.Contains("'archive/data/large' does not match its checksum", Assert.Single(damaged.Reasons).Sentence, StringComparison.Ordinal);
        Assert.Equal(HealthState.Healthy, whole.State);
    }

    private static byte[] BytesOf(string file) => (byte[])typeof(WrittenFiles).GetProperty(file)!.GetValue(null)!;

    private static int DirectoryAt(byte[] file) => file.AsSpan().IndexOf("PK\x01\x02"u8);

    private static byte[] Replaced(byte[] file, ReadOnlySpan<byte> part, ReadOnlySpan<byte> by)
    {
        int at = file.AsSpan().IndexOf(part);
        Assert.True(at >= 0);
        return [.. file.AsSpan(0, at), .. by, .. file.AsSpan(at + part.Length)];
    }
}
