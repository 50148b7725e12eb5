using PerfPortal.Server.Text;
using Xunit;

namespace PerfPortal.Tests.Text;

public sealed class MiddleCutTests
{
    [Theory]
    [InlineData(null, null)]
    [InlineData("short", "short")]
    [InlineData("abcdefghij", "abcdefghij")]
    [InlineData("family/checkpoint-0001.gguf", "famil…gguf")]
    [InlineData("abcd🙂efghijk", "abcd…hijk")]
    public void A_long_name_keeps_its_beginning_and_its_end(string? text, string? cut) => Assert.Equal(cut, MiddleCut.Of(text, 10));
}
