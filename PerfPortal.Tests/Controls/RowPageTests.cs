using PerfPortal.Server.Controls;
using Xunit;

namespace PerfPortal.Tests.Controls;

public sealed class RowPageTests
{
    private static readonly int[] Rows = [.. Enumerable.Range(1, 120)];

    [Theory]
    [InlineData(null, 1, 50, "1–50 of 120")]
    [InlineData("2", 51, 100, "51–100 of 120")]
    [InlineData("3", 101, 120, "101–120 of 120")]
    [InlineData("99", 101, 120, "101–120 of 120")]
    [InlineData("0", 1, 50, "1–50 of 120")]
    [InlineData("x", 1, 50, "1–50 of 120")]
    public void A_page_has_fifty_rows_and_an_impossible_number_is_the_nearest_one(string? number, int first, int last, string text)
    {
        var page = RowPage.Of(Rows, number);
        Assert.Equal((first, last, text), (page.Rows[0], page.Rows[^1], page.Text));
    }

    [Fact]
    public void One_page_needs_no_buttons_and_no_text()
    {
        var page = RowPage.Of<int>([1, 2], null);
        Assert.Equal((false, false, null), (page.HasPrevious, page.HasNext, page.Text));
    }

    [Fact]
    public void The_first_page_has_no_number_in_the_url()
    {
        Assert.Equal("2", RowPage.Of(Rows, null).Go(1));
        Assert.Null(RowPage.Of(Rows, "2").Go(-1));
        Assert.Equal("3", RowPage.Of(Rows, "3").Go(1));
    }
}
