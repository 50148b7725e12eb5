using PerfPortal.Server.Controls;
using Xunit;

namespace PerfPortal.Tests.Controls;

public sealed class SourceColorTests
{
    private static readonly string[] All = ["--chart-1", "--chart-2", "--chart-3", "--chart-4", "--chart-5", "--chart-6"];

    [Theory]
    [InlineData("gpu-1")]
    [InlineData("")]
    [InlineData("2026")]
    [InlineData("node-99999999999999")]
    public void A_source_keeps_its_color_whatever_other_sources_there_are(string source)
    {
        Assert.Contains(SourceColor.Variable(source), All);
        Assert.Equal(SourceColor.Variable(source), SourceColor.Variable(source));
    }

    [Fact]
    public void Six_numbered_sources_in_a_row_have_six_colors() =>
        Assert.Equal(All, Enumerable.Range(8, 6).Select(i => SourceColor.Variable($"node-{i}")).Order(StringComparer.Ordinal));

    [Fact]
    public void Sources_with_other_names_get_all_colors_about_equally_often()
    {
        var colors = Enumerable.Range(0, 600).Select(i => SourceColor.Variable($"{i}-worker")).CountBy(color => color).ToDictionary();
        Assert.Equal(All, colors.Keys.Order(StringComparer.Ordinal));
        Assert.All(colors.Values, count => Assert.InRange(count, 60, 140));
    }
}
