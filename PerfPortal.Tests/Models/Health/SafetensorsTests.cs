using PerfPortal.Domain.Models.Health.Results;
using Xunit;

namespace PerfPortal.Tests.Models.Health;

public sealed class SafetensorsTests
{
    private const string Name = "model.safetensors";

    [Fact]
    public void A_valid_file_has_no_finding_and_its_tensors_are_known()
    {
        var report = SmallFiles.Examine(Name, SmallFiles.Safetensors());
        Assert.Empty(report.Reasons);
        Assert.Equal(("safetensors", 3), (report.Format, report.Tensors.Count));
    }

    [Theory]
    [InlineData("""{"a":{"dtype":"F33","shape":[4],"data_offsets":[0,8]}}""", 8, HealthReasonKinds.Header)]
    [InlineData("""{"a":{"dtype":"F16","shape":[4],"data_offsets":[0,6]}}""", 6, HealthReasonKinds.Header)]
    [InlineData("""{"a":{"dtype":"F16","shape":[4],"data_offsets":[8,0]}}""", 8, HealthReasonKinds.Header)]
    [InlineData("""{"a":{"dtype":"F16","shape":[-4],"data_offsets":[0,8]}}""", 8, HealthReasonKinds.Header)]
    [InlineData("""{"a":{"dtype":"F16","shape":[4]}}""", 8, HealthReasonKinds.Header)]
    [InlineData("""{"a":{"dtype":"F16","shape":[4],"data_offsets":[0,8],"more":1}}""", 8, HealthReasonKinds.Header)]
    [InlineData("""{"a":{"dtype":"F16","shape":[4294967296,4294967296],"data_offsets":[0,0]}}""", 0, HealthReasonKinds.Header)]
    [InlineData("""{"a":{"dtype":"F16","shape":[4],"data_offsets":[0,8]},"a":{"dtype":"F16","shape":[4],"data_offsets":[8,16]}}""", 16, HealthReasonKinds.Header)]
    [InlineData("""{"a":{"dtype":"F16","shape":[4],"data_offsets":[0,8]},"b":{"dtype":"F16","shape":[4],"data_offsets":[4,12]}}""", 12, HealthReasonKinds.Overlap)]
    [InlineData("""{"a":{"dtype":"F16","shape":[4],"data_offsets":[0,8]},"b":{"dtype":"F16","shape":[4],"data_offsets":[12,20]}}""", 20, HealthReasonKinds.Hole)]
    [InlineData("""{"a":{"dtype":"F16","shape":[4],"data_offsets":[0,8]}}""", 9, HealthReasonKinds.Hole)]
    [InlineData("""{"a":{"dtype":"F16","shape":[4],"data_offsets":[0,8]}}""", 7, HealthReasonKinds.Truncated)]
    [InlineData("""{"__metadata__":{"a":1}}""", 0, HealthReasonKinds.Header)]
    [InlineData("""["a"]""", 0, HealthReasonKinds.Header)]
    [InlineData("""{"a":{"dtype":"F16","shape":[4],"data_offsets":[0,8]}""", 8, HealthReasonKinds.Json)]
    public void What_cannot_be_is_found_with_its_reason(string header, int data, string kind) =>
        Assert.Contains(kind, SmallFiles.Kinds(Name, SmallFiles.Safetensors(header, data)));

    [Fact]
    public void Sizes_of_less_than_a_byte_an_element_are_counted_in_bits() => Assert.Empty(
        SmallFiles.Kinds(Name, SmallFiles.Safetensors("""{"a":{"dtype":"F4","shape":[6],"data_offsets":[0,3]},"b":{"dtype":"BOOL","shape":[],"data_offsets":[3,4]},"c":{"dtype":"I64","shape":[0],"data_offsets":[4,4]}}""", 4)));

    [Fact]
    public void A_finding_names_the_byte()
    {
        byte[] file = SmallFiles.Safetensors();
        int at = file.AsSpan().IndexOf("F16"u8);
        file[at] = (byte)'Z';
        var reason = Assert.Single(SmallFiles.Examine(Name, file).Reasons);
        Assert.Equal((HealthReasonKinds.Header, at - 1, HealthSeverity.Error), (reason.Kind, (int)reason.Offset!, reason.Severity));
        Assert.Contains("Z16", reason.Sentence, StringComparison.Ordinal);
    }

    /// <summary>What the structure cannot tell: another name of a tensor, another text in the metadata. Hash and index find those.</summary>
    [Fact]
    public void Every_flipped_bit_of_the_header_is_found_unless_it_only_changes_a_name_or_a_text()
    {
        byte[] file = SmallFiles.Safetensors();
        int header = 8 + BitConverter.ToInt32(file);
        string text = System.Text.Encoding.UTF8.GetString(file, 8, header - 8);
        for (int bit = 0; bit < header * 8; bit++)
        {
            file[bit / 8] ^= (byte)(1 << (bit % 8));
            if (SmallFiles.Kinds(Name, file).Length == 0)
            {
                Assert.True(IsNameOrText(text, (bit / 8) - 8, file[bit / 8]), $"Bit {bit % 8} of byte {bit / 8} was not found.");
            }

            file[bit / 8] ^= (byte)(1 << (bit % 8));
        }
    }

    [Fact]
    public void A_file_cut_off_anywhere_is_found()
    {
        byte[] file = SmallFiles.Safetensors();
        for (int length = 0; length < file.Length; length++)
        {
            string kind = Assert.Single(SmallFiles.Kinds(Name, file[..length]));
            Assert.Equal(HealthReasonKinds.Truncated, kind);
        }
    }

    private static bool IsNameOrText(string header, int at, byte changed)
    {
        string[] names = ["\"wte\"", "\"h.0.bias\"", "\"h.0.weight\"", "\"format\":\"pt\"", "\"__metadata__\""];
        bool isBlank = header[at] == ' ' && changed is (byte)' ' or (byte)'\t' or (byte)'\n' or (byte)'\r';
        return isBlank || names.Any(name => header.IndexOf(name, StringComparison.Ordinal) is >= 0 and var start && at > start && at < start + name.Length - 1);
    }
}
