using PerfPortal.Server.Storage;
using Xunit;

namespace PerfPortal.Tests.Storage;

public sealed class LikePatternTests
{
    [Theory]
    [InlineData("timeout", "%timeout%")]
    [InlineData("100%", "%100[%]%")]
    [InlineData("a_b", "%a[_]b%")]
    [InlineData("[x]", "%[[]x]%")]
    [InlineData("[%_]", "%[[][%][_]]%")]
    [InlineData(@"C:\temp", @"%C:\temp%")]
    public void Wildcards_in_a_search_text_are_escaped_by_brackets(string text, string pattern) => Assert.Equal(pattern, LikePattern.Contains(text));
}
