using Bunit;
using PerfPortal.Server.Controls;
using PerfPortal.Tests.Pages;
using Xunit;

namespace PerfPortal.Tests.Controls;

public sealed class DataTableTests
{
    private static readonly TableColumn<int>[] Columns =
    [
        new("name", "Name") { Text = i => $"job {i}", Sortable = true },
        new("duration_seconds", "Duration") { Text = i => $"{i}", Numeric = true, Unit = "s", Sortable = true, DescendingFirst = true },
        new("note", "Note") { HiddenByDefault = true },
    ];

    [Theory]
    [InlineData(null, 0, "name")]
    [InlineData("name", 0, "-name")]
    [InlineData("-name", 0, "name")]
    [InlineData("name", 1, "-duration_seconds")]
    public void A_header_sorts_and_turns_round(string? sort, int column, string asked)
    {
        using var context = new PortalContext();
        string? got = null;
        var table = context.Render<DataTable<int>>(p => p.Add(t => t.Columns, Columns).Add(t => t.Items, [1]).Add(t => t.Sort, sort).Add(t => t.SortChanged, (string s) => got = s));
        table.FindAll("button.sort")[column].Click();
        Assert.Equal(asked, got);
    }

    [Fact]
    public void The_sort_is_said_to_a_screen_reader_and_the_unit_stands_once_in_the_header()
    {
        using var context = new PortalContext();
        var table = context.Render<DataTable<int>>(p => p.Add(t => t.Columns, Columns).Add(t => t.Items, [1, 2]).Add(t => t.Sort, "-duration_seconds"));
        var headers = table.FindAll("th");
        Assert.Equal(["none", "descending"], headers.Select(h => h.GetAttribute("aria-sort")!));
        Assert.StartsWith("Duration s", headers[1].TextContent, StringComparison.Ordinal);
        Assert.Equal(["1", "2"], table.FindAll("td.right").Select(c => c.TextContent.Trim()));
    }

    [Fact]
    public void A_click_opens_the_row_and_only_one_row_is_a_tab_stop()
    {
        using var context = new PortalContext();
        int opened = 0;
        var table = context.Render<DataTable<int>>(p => p.Add(t => t.Columns, Columns).Add(t => t.Items, [7, 8]).Add(t => t.OnOpen, (int i) => opened = i));
        Assert.Equal(["0", "-1"], table.FindAll("tr[data-row]").Select(r => r.GetAttribute("tabindex")!));
        table.FindAll("tr[data-row]")[1].Click();
        Assert.Equal(8, opened);
    }

    [Fact]
    public void A_row_with_a_link_carries_it_in_its_first_cell()
    {
        using var context = new PortalContext();
        var table = context.Render<DataTable<int>>(p => p.Add(t => t.Columns, Columns).Add(t => t.Items, [7]).Add(t => t.RowHref, i => $"/operations/{i}"));
        Assert.Equal("/operations/7", table.Find("td:first-child a[data-open]").GetAttribute("href"));
    }

    [Fact]
    public void A_chosen_column_appears_and_the_choice_is_told()
    {
        using var context = new PortalContext();
        string? told = null;
        var table = context.Render<DataTable<int>>(p => p.Add(t => t.Columns, Columns).Add(t => t.Items, [1]).Add(t => t.ChooseColumns, true).Add(t => t.ShownColumnsChanged, (string s) => told = s));
        Assert.Equal(2, table.FindAll("th").Count);
        table.FindAll("input[type=checkbox]")[2].Change(true);
        Assert.Equal(3, table.FindAll("th").Count);
        Assert.Equal("name,duration_seconds,note", told);
    }

    [Fact]
    public void The_pager_cannot_leave_the_pages_that_exist()
    {
        using var context = new PortalContext();
        int asked = 0;
        var table = context.Render<DataTable<int>>(p => p.Add(t => t.Columns, Columns).Add(t => t.Items, [1]).Add(t => t.HasNext, true).Add(t => t.OnPage, (int d) => asked = d));
        var buttons = table.FindAll(".pager button");
        Assert.True(buttons[0].HasAttribute("disabled"));
        buttons[1].Click();
        Assert.Equal(1, asked);
    }
}
