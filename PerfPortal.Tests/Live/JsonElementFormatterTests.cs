using System.Text.Json;
using MessagePack;
using PerfPortal.Domain.Operations;
using PerfPortal.Server.Live;
using PerfPortal.Server.Wire;
using Xunit;

namespace PerfPortal.Tests.Live;

public sealed class JsonElementFormatterTests
{
    [Theory]
    [InlineData("18446744073709551557", "18446744073709551557")]
    [InlineData("-9223372036854775808", "-9223372036854775808")]
    [InlineData("5400121572116419001", "5400121572116419001")]
    [InlineData("123456789012345678901234567890", "\"123456789012345678901234567890\"")]
    public void A_seed_keeps_its_digits_in_MessagePack(string number, string expected) =>
        Assert.Equal($"{{\"seed\":{expected}}}", MessagePackSerializer.ConvertToJson(Write($"{{\"seed\":{number}}}"), cancellationToken: TestContext.Current.CancellationToken));

    [Fact]
    public void Members_of_every_kind_are_the_same_as_in_JSON()
    {
        const string Json = """{"a":[1,-2,0.5,true,false,null,"ü\"",{}],"b":{"c":[]},"d":"18"}""";
        Assert.Equal(Json, MessagePackSerializer.ConvertToJson(Write(Json), cancellationToken: TestContext.Current.CancellationToken));
    }

    [Fact]
    public void An_operation_that_is_nested_to_the_limit_is_sent()
    {
        string nested = new string('[', 62) + new string(']', 62);
        var operation = new Operation
        {
            Id = Guid.Empty,
            MetricType = MetricType.ModelOperation,
            Name = "nested",
            Source = "test",
            Status = OperationStatus.Succeeded,
            StartTime = DateTimeOffset.UnixEpoch,
            Metadata = Metadata.Of([new("m", MetadataValue.FromJson(nested))]),
        };
        var message = JsonSerializer.SerializeToElement(new { items = new[] { OperationBody.Of(operation) } }, WireJson.Options);
        Assert.Equal(nested, message.GetProperty("items")[0].GetProperty("metadata").GetProperty("m").GetRawText());
    }

    [Theory]
    [InlineData("123456789012345678901234567890123456789012345678901234567890")]
    [InlineData("-0.12345678901234567891234")]
    [InlineData("1E+300")]
    [InlineData("[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]")]
    public void Any_number_that_metadata_can_hold_is_written(string number) =>
        Assert.NotEmpty(MessagePackSerializer.ConvertToJson(Write($"{{\"seed\":{number}}}"), cancellationToken: TestContext.Current.CancellationToken));

    private static byte[] Write(string json)
    {
        using var document = JsonDocument.Parse(json, new() { MaxDepth = 128 });
        var buffer = new System.Buffers.ArrayBufferWriter<byte>();
        var writer = new MessagePackWriter(buffer);
        new JsonElementFormatter().Serialize(ref writer, document.RootElement, MessagePackSerializerOptions.Standard);
        writer.Flush();
        return buffer.WrittenSpan.ToArray();
    }
}
