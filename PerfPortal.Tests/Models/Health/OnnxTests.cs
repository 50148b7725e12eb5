using PerfPortal.Domain.Models.Health.Formats;
using PerfPortal.Domain.Models.Health.Results;
using Xunit;

namespace PerfPortal.Tests.Models.Health;

public sealed class OnnxTests
{
    private const string Name = "model.onnx";

    [Fact]
    public void A_valid_file_has_no_finding_and_its_external_data_are_known()
    {
        Assert.Empty(SmallFiles.Examine(Name, SmallFiles.Onnx()).Reasons);
        var report = SmallFiles.Examine(Name, SmallFiles.Onnx("model.onnx_data"));
        Assert.Empty(report.Reasons);
        Assert.Equal(new("model.onnx_data", 8, 16), Assert.Single(report.Externals));
    }

    [Theory]
    [InlineData("../outside")]
    [InlineData("/etc/passwd")]
    [InlineData("")]
    public void External_data_outside_the_directory_are_refused(string location) => Assert.Equal([HealthReasonKinds.Header], SmallFiles.Kinds(Name, SmallFiles.Onnx(location)));

    [Fact]
    public void A_tensor_with_too_few_bytes_is_found()
    {
        byte[] tensor = SmallFiles.Message((1, 2), (1, 3), (2, 1), (9, new byte[20]));
        byte[] file = SmallFiles.Message((1, 8), (7, SmallFiles.Message((5, tensor))), (8, SmallFiles.Message((2, 17))));
        var reason = Assert.Single(SmallFiles.Examine(Name, file).Reasons);
        Assert.Contains("needs 24 bytes", reason.Sentence, StringComparison.Ordinal);
    }

    [Fact]
    public void More_names_than_are_held_are_a_warning()
    {
        byte[] file = "abcd"u8.ToArray();
        StructureReport Report(int maxNames)
        {
            var report = new StructureReport(Name);
            var names = new OnnxNames(report, new MemoryBytes(file), maxNames);
            names.Begin();
            for (int at = 0; at < file.Length; at++)
            {
                names.Add(file.AsSpan(at, 1), at == 0 ? OnnxName.Defined : OnnxName.Used, at);
            }

            names.End(isExamined: true);
            return report;
        }

        Assert.Equal([(HealthReasonKinds.Limit, HealthSeverity.Warning, 3L)], Report(3).Reasons.Select(reason => (reason.Kind, reason.Severity, reason.Offset!.Value)));
        Assert.Equal(["'b'", "'c'", "'d'"], Report(4).Reasons.Select(reason => reason.Sentence.Split(' ')[2]));
    }

    [Fact]
    public void Nested_messages_end_somewhere()
    {
        byte[] graph = SmallFiles.Message((2, "g"u8.ToArray()));
        for (int i = 0; i < 200; i++)
        {
            graph = SmallFiles.Message((1, SmallFiles.Message((5, SmallFiles.Message((6, graph))))));
        }

        Assert.Contains(SmallFiles.Examine(Name, SmallFiles.Message((1, 8), (7, graph))).Reasons, reason => reason.Sentence.Contains("nested", StringComparison.Ordinal));
    }

    [Fact]
    public void A_field_of_a_newer_version_is_a_warning()
    {
        byte[] file = [.. SmallFiles.Onnx(), .. SmallFiles.Message((99, 1))];
        var report = SmallFiles.Examine(Name, file);
        Assert.False(report.HasError);
        Assert.Equal(HealthReasonKinds.UnknownFeature, Assert.Single(report.Reasons).Kind);
    }

    /// <summary>Protobuf has no checksum: a flipped bit in a name, a number or the tensor's bytes is found by the hash. Every bit of a tag or a length is found.</summary>
    [Fact]
    public void Every_flipped_bit_of_the_outermost_tags_and_lengths_is_found()
    {
        byte[] file = SmallFiles.Onnx();
        int graphAt = 2 + 6;
        int operatorsAt = file.Length - 6;
        foreach (int at in new[] { 0, 2, 3, graphAt, graphAt + 1, graphAt + 2, operatorsAt, operatorsAt + 1 })
        {
            for (int bit = 0; bit < 8; bit++)
            {
                file[at] ^= (byte)(1 << bit);
                Assert.True(SmallFiles.Kinds(Name, file).Length > 0 || IsOtherText(at, bit), $"Bit {bit} of byte {at} was not found.");
                file[at] ^= (byte)(1 << bit);
            }
        }
    }

    [Fact]
    public void A_file_cut_off_anywhere_is_found()
    {
        byte[] file = SmallFiles.Onnx("x.bin");
        for (int length = 0; length < file.Length; length++)
        {
            Assert.Contains(HealthReasonKinds.Truncated, SmallFiles.Kinds(Name, file[..length]));
        }
    }

    // The producer's name becomes another text of the model: its version, its domain or its documentation.
    private static bool IsOtherText(int at, int bit) => at == 2 && bit is 3 or 4 or 5;
}
