using PerfPortal.Server.Text;
using PerfPortal.Tests.Reports;
using Xunit;

namespace PerfPortal.Tests.Text;

public sealed class CsvTextTests
{
    [Theory]
    [InlineData("=1+1", "'=1+1")]
    [InlineData("+cmd", "'+cmd")]
    [InlineData("-2", "'-2")]
    [InlineData("@SUM(A1)", "'@SUM(A1)")]
    [InlineData("  =1", "'  =1")]
    [InlineData("\tx", "'\tx")]
    [InlineData("plain", "plain")]
    [InlineData("a-b=c", "a-b=c")]
    public void A_text_that_begins_like_a_formula_is_neutralised(string text, string expected) =>
        Assert.Equal(expected + "\r\n", new CsvText().Line(text).ToString());

    [Fact]
    public void Commas_quotes_and_line_ends_are_quoted() =>
        Assert.Equal("\"a,b\",\"say \"\"hi\"\"\",\"x\ny\"\r\n", new CsvText().Line("a,b", "say \"hi\"", "x\ny").ToString());

    [Fact]
    public void Numbers_are_numbers_and_what_is_unknown_is_empty() =>
        Assert.Equal("-1.5,3,,\r\n", new CsvText().Line(-1.5, 3L, null, double.NaN).ToString());
}
