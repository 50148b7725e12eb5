using System.Text;
using PerfPortal.Domain.Models.Health.Results;
using Xunit;

namespace PerfPortal.Tests.Models.Health;

public sealed class TextFileTests
{
    [Theory]
    [InlineData("config.json", """{"vocab_size":32000}""", null)]
    [InlineData("config.json", """{"time_step_limit":[0.0,Infinity],"x":[NaN,-Infinity],"text":"Infinity NaN \" NaN"}""", null)]
    [InlineData("config.json", """{"vocab_size":-1}""", HealthReasonKinds.Header)]
    [InlineData("config.json", """{"a":1""", HealthReasonKinds.Json)]
    [InlineData("config.json", "", HealthReasonKinds.Json)]
    [InlineData("config.json", "[1]", HealthReasonKinds.Json)]
    [InlineData("tokenizer.json", "{}", HealthReasonKinds.Header)]
    [InlineData("tokenizer.json", """{"model":{"vocab":{"a":-1}}}""", HealthReasonKinds.Header)]
    [InlineData("anything.json", "[1, 2]", null)]
    [InlineData("model.safetensors.index.json", """{"weight_map":{"a":"../x"}}""", HealthReasonKinds.Header)]
    [InlineData("model.safetensors.index.json", """{"weight_map":{"a":"x","a":"x"}}""", HealthReasonKinds.Header)]
    [InlineData("merges.txt", "#version: 0.2\na b\nab c\n", null)]
    [InlineData("merges.txt", "#version: 0.2\na b\nabc\n", HealthReasonKinds.Text)]
    [InlineData("vocab.txt", "[PAD]\nhello\n", null)]
    [InlineData("vocab.txt", "[PAD]\nhe\0llo\n", HealthReasonKinds.Text)]
    public void Text_files_are_examined(string name, string text, string? kind) => Assert.Equal(kind is null ? [] : [kind], SmallFiles.Kinds(name, Encoding.UTF8.GetBytes(text)));

    [Fact]
    public void Bytes_that_are_no_text_are_found_where_they_are()
    {
        byte[] file = """{"name":"abc"}"""u8.ToArray();
        file[10] = 0xff;
        var reason = Assert.Single(SmallFiles.Examine("config.json", file).Reasons);
        Assert.Equal((HealthReasonKinds.Json, 8), (reason.Kind, (int)reason.Offset!));
    }

    [Fact]
    public void The_largest_token_and_the_vocabulary_size_are_read()
    {
        Assert.Equal(3, SmallFiles.Examine("tokenizer.json", SmallFiles.Tokenizer()).LargestTokenId);
        Assert.Equal(1, SmallFiles.Examine("tokenizer.json", """{"model":{"vocab":[["a",-1.5],["b",-2]]}}"""u8.ToArray()).LargestTokenId);
        Assert.Equal(7, SmallFiles.Examine("config.json", """{"text_config":{"vocab_size":7},"other":{"vocab_size":9}}"""u8.ToArray()).VocabularySize);
    }

    [Fact]
    public void A_tokenizer_cut_off_anywhere_is_found()
    {
        byte[] file = SmallFiles.Tokenizer();
        for (int length = 0; length < file.Length; length++)
        {
            Assert.Equal([HealthReasonKinds.Json], SmallFiles.Kinds("tokenizer.json", file[..length]));
        }
    }

    [Fact]
    public void Depth_and_length_of_values_are_bounded()
    {
        Assert.Equal([HealthReasonKinds.Json], SmallFiles.Kinds("config.json", Encoding.UTF8.GetBytes(new string('[', 1_000_000))));
        Assert.Equal([HealthReasonKinds.Limit], SmallFiles.Kinds("tokenizer.json", Encoding.UTF8.GetBytes("{\"a\":\"" + new string('x', 9_000_000) + "\"}")));
        Assert.Empty(SmallFiles.Kinds("anything.json", Encoding.UTF8.GetBytes("[" + string.Join(",", Enumerable.Range(0, 500_000)) + "]")));
    }
}
