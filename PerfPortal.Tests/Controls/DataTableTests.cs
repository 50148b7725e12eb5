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
        Assert.Equal([null, "descending"], headers.Select(h => h.GetAttribute("aria-sort")));
        Assert.StartsWith("Duration s", headers[1].TextContent.Trim(), StringComparison.Ordinal);
        Assert.Equal(["1", "2"], table.FindAll("td.right").Select(c => c.TextContent.Trim()));
    }

    [Fact]
    public void A_click_opens_the_row_and_only_one_row_is_a_tab_stop()
    {
        using var context = new PortalContext();
        int opened = 0;
        var table = context.Render<DataTable<int>>(p => p.Add(t => t.Columns, Columns).Add(t => t.Items, [7, 8]).Add(t => t.OnOpen, (int i) => opened = i));
        Assert.Equal(["0", "-1"], table.FindAll("tbody [data-row]").Select(r => r.GetAttribute("tabindex")!));
        table.FindAll("tbody tr")[1].Click();
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
    public void A_click_anywhere_in_a_row_follows_its_link()
    {
        using var context = new PortalContext();
        var table = context.Render<DataTable<int>>(p => p.Add(t => t.Columns, Columns).Add(t => t.Items, [7, 8]).Add(t => t.RowHref, i => $"/operations/{i}"));
        table.FindAll("tbody tr")[1].Click();
        Assert.Equal("/operations/8", context.PathAndQuery);
    }

    [Fact]
    public void Rows_without_anything_to_open_are_no_tab_stops()
    {
        using var context = new PortalContext();
        var table = context.Render<DataTable<int>>(p => p.Add(t => t.Columns, Columns).Add(t => t.Items, [7, 8]));
        Assert.Empty(table.FindAll("[data-row]"));
        Assert.Equal("Numbers", context.Render<DataTable<int>>(p => p.Add(t => t.Columns, Columns).Add(t => t.Caption, "Numbers")).Find("table").GetAttribute("aria-label"));
    }

    [Fact]
    public void A_row_that_is_read_again_keeps_its_element_and_the_order_of_the_server()
    {
        using var context = new PortalContext();
        var rows = new List<(int Id, int Value)> { (2, 10), (1, 20) };
        TableColumn<(int Id, int Value)>[] columns = [new("value", "Value") { Text = row => $"{row.Value}", Sortable = true }];
        var table = context.Render<DataTable<(int Id, int Value)>>(p => p.Add(t => t.Columns, columns).Add(t => t.Items, rows).Add(t => t.RowKey, row => row.Id).Add(t => t.Sort, "-value"));
        var grid = table.FindComponent<MudBlazor.MudTr>();
        table.Render(p => p.Add(t => t.Items, [(2, 11), (1, 20)]));
        Assert.Same(grid.Instance, table.FindComponent<MudBlazor.MudTr>().Instance);
        Assert.Equal(["11", "20"], table.FindAll("td").Select(cell => cell.TextContent.Trim()));
    }

    [Fact]
    public void A_long_list_is_divided_into_pages_of_fifty_and_another_sort_starts_at_the_first()
    {
        using var context = new PortalContext();
        var table = context.Render<DataTable<int>>(p => p.Add(t => t.Columns, Columns).Add(t => t.Items, [.. Enumerable.Range(1, 120)]).Add(t => t.Footer, "120 jobs"));
        Assert.Equal(50, table.FindAll("tbody tr").Count);
        table.FindAll(".pager button")[1].Click();
        table.FindAll(".pager button")[1].Click();
        Assert.Equal("120 jobs · 101–120 of 120", table.Find(".pager [role=status]").TextContent);
        Assert.True(table.FindAll(".pager button")[1].HasAttribute("disabled"));
        table.Render(p => p.Add(t => t.Sort, "name"));
        Assert.StartsWith("120 jobs · 1–50", table.Find(".pager [role=status]").TextContent, StringComparison.Ordinal);
    }

    [Fact]
    public void A_row_can_be_marked_by_a_class()
    {
        using var context = new PortalContext();
        var table = context.Render<DataTable<int>>(p => p.Add(t => t.Columns, Columns).Add(t => t.Items, [1, 2]).Add(t => t.RowClass, i => i == 2 ? "row-failed" : null));
        Assert.Equal([false, true], table.FindAll("tbody tr").Select(row => row.ClassList.Contains("row-failed")));
    }

    [Fact]
    public void A_chosen_column_appears_in_its_place_and_the_choice_is_told()
    {
        using var context = new PortalContext();
        var popovers = context.Render<MudBlazor.MudPopoverProvider>();
        string? told = null;
        var table = context.Render<DataTable<int>>(p => p.Add(t => t.Columns, Columns).Add(t => t.Items, [1]).Add(t => t.ShownColumns, "duration_seconds").Add(t => t.ChooseColumns, true).Add(t => t.ShownColumnsChanged, (string s) => told = s));
        Assert.Single(table.FindAll("th"));
        table.Find(".mud-menu button").Click();
        popovers.FindAll(".mud-menu-item")[0].Click();
        Assert.Equal("name,duration_seconds", told);
        table.Render(p => p.Add(t => t.ShownColumns, told));
        Assert.Equal(["Name", "Duration s"], table.FindAll("th").Select(h => h.TextContent.Trim()));
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
