using Microsoft.AspNetCore.Components;
using MudBlazor;
using PerfPortal.Domain.Text;

namespace PerfPortal.Server.Controls;

/// <summary>A table of rows that the page provides in its order.</summary>
/// <typeparam name="T">The item type.</typeparam>
public sealed partial class DataTable<T>
{
    private readonly Dictionary<string, object?> _attributes = [];
    private IReadOnlyList<TableColumn<T>>? _known;
    private HashSet<string> _hidden = [];
    private List<DataTableRow<T>> _rows = [];
    private string? _linked;
    private string? _sortedBy;
    private bool _opens;
    private int _page;

    /// <summary>The columns, in order; keep the same list between renders.</summary>
    [Parameter, EditorRequired]
    public IReadOnlyList<TableColumn<T>> Columns { get; set; } = [];

    /// <summary>The rows: those of the current page if <see cref="OnPage"/> is set, otherwise all.</summary>
    [Parameter, EditorRequired]
    public IReadOnlyList<T> Items { get; set; } = [];

    /// <summary>The name of the table, for screen readers.</summary>
    [Parameter, EditorRequired]
    public string Caption { get; set; } = "";

    /// <summary>The sort order in the API's format: a column key, with a leading "-" for descending.</summary>
    [Parameter]
    public string? Sort { get; set; }

    /// <summary>Called with the new sort order.</summary>
    [Parameter]
    public EventCallback<string> SortChanged { get; set; }

    /// <summary>Called with -1 or 1 for the previous or next page. Without a handler the table divides its rows into pages itself.</summary>
    [Parameter]
    public EventCallback<int> OnPage { get; set; }

    /// <summary>Whether the server has a previous page.</summary>
    [Parameter]
    public bool HasPrevious { get; set; }

    /// <summary>Whether the server has a next page.</summary>
    [Parameter]
    public bool HasNext { get; set; }

    /// <summary>The number of rows per page without <see cref="OnPage"/>.</summary>
    [Parameter]
    public int RowsPerPage { get; set; } = 50;

    /// <summary>The number of rows on all pages; null if not counted.</summary>
    [Parameter]
    public long? Total { get; set; }

    /// <summary>The text of the pager, such as "1–50 of 12,345"; defaults to the total.</summary>
    [Parameter]
    public string? PageText { get; set; }

    /// <summary>A sentence under the table, such as its total.</summary>
    [Parameter]
    public string? Footer { get; set; }

    /// <summary>The key of a row across renders; defaults to its index.</summary>
    [Parameter]
    public Func<T, object>? RowKey { get; set; }

    /// <summary>The CSS classes of a row; null for none.</summary>
    [Parameter]
    public Func<T, string?>? RowClass { get; set; }

    /// <summary>The link of a row, shown in the first visible cell. A click anywhere in the row follows it.</summary>
    [Parameter]
    public Func<T, string?>? RowHref { get; set; }

    /// <summary>Called with the clicked row instead of following its link.</summary>
    [Parameter]
    public EventCallback<T> OnOpen { get; set; }

    /// <summary>Whether a row is open.</summary>
    [Parameter]
    public Func<T, bool>? IsOpen { get; set; }

    /// <summary>Whether another page is loading. The current rows stay visible, dimmed.</summary>
    [Parameter]
    public bool Loading { get; set; }

    /// <summary>Whether the user can choose the columns.</summary>
    [Parameter]
    public bool ChooseColumns { get; set; }

    /// <summary>The comma-separated keys of the visible columns, for the URL; null shows the default columns.</summary>
    [Parameter]
    public string? ShownColumns { get; set; }

    /// <summary>Called with the new visible columns.</summary>
    [Parameter]
    public EventCallback<string> ShownColumnsChanged { get; set; }

    /// <summary>The height in pixels above which the table scrolls under a fixed header; null scrolls the page instead.</summary>
    [Parameter]
    public int? MaxHeight { get; set; }

    /// <summary>The content above the table on the left: filters.</summary>
    [Parameter]
    public RenderFragment? Toolbar { get; set; }

    /// <summary>The content above the table on the right: export links.</summary>
    [Parameter]
    public RenderFragment? Export { get; set; }

    /// <summary>The content shown when there are no rows.</summary>
    [Parameter]
    public RenderFragment? Empty { get; set; }

    private bool IsPaged => OnPage.HasDelegate ? HasPrevious || HasNext || Total is not null : Items.Count > RowsPerPage;

    private string FooterText => string.Join(" · ", new[] { Footer, PagerText }.Where(text => text is not null));

    private string? PagerText => !OnPage.HasDelegate && IsPaged
        ? $"{Format.Count((_page * RowsPerPage) + 1)}–{Format.Count((_page * RowsPerPage) + _rows.Count)} of {Format.Count(Items.Count)}"
        : PageText ?? (Total is { } total ? $"{Format.Count(total)} in total" : null);

    /// <inheritdoc/>
    protected override void OnParametersSet()
    {
        if (ShownColumns is not null)
        {
            string[] chosen = ShownColumns.Split(',');
            _hidden = [.. Columns.Select(column => column.Key).Where(key => !chosen.Contains(key))];
        }
        else if (!ReferenceEquals(_known, Columns))
        {
            _hidden = [.. Columns.Where(column => column.HiddenByDefault).Select(column => column.Key)];
        }

        _known = Columns;
        _linked = Columns.FirstOrDefault(IsShown)?.Key;
        _opens = OnOpen.HasDelegate || RowHref is not null;
        _attributes["aria-label"] = Caption;
        _attributes["aria-busy"] = Loading ? "true" : null;
        if (_sortedBy != Sort)
        {
            (_sortedBy, _page) = (Sort, 0);
        }

        Divide();
    }

    private void Divide()
    {
        int start = 0, count = Items.Count;
        if (!OnPage.HasDelegate)
        {
            _page = Math.Clamp(_page, 0, Math.Max(0, (Items.Count - 1) / RowsPerPage));
            (start, count) = (_page * RowsPerPage, Math.Min(RowsPerPage, Items.Count - (_page * RowsPerPage)));
        }

        _rows = new(count);
        for (int i = start; i < start + count; i++)
        {
            _rows.Add(new(RowKey?.Invoke(Items[i]) ?? i, Items[i], isFirst: i == start));
        }
    }

    // The first column stays if all are hidden, as a URL can ask for.
    private bool IsShown(TableColumn<T> column) => !_hidden.Contains(column.Key) || (_hidden.Count == Columns.Count && column == Columns[0]);

    private async Task ToggleAsync(TableColumn<T> column)
    {
        if (!_hidden.Remove(column.Key))
        {
            _hidden.Add(column.Key);
        }

        _linked = Columns.FirstOrDefault(IsShown)?.Key;
        await ShownColumnsChanged.InvokeAsync(string.Join(',', Columns.Where(IsShown).Select(shown => shown.Key)));
    }

    private bool IsSorted(TableColumn<T> column) => column.Sortable && Sort?.TrimStart('-') == column.Key;

    private string? SortOf(TableColumn<T> column) => !IsSorted(column) ? null : Sort == column.Key ? "ascending" : "descending";

    private Task SortByAsync(TableColumn<T> column) => SortChanged.InvokeAsync(
        Sort == column.Key ? "-" + column.Key
        : Sort == "-" + column.Key ? column.Key
        : column.DescendingFirst ? "-" + column.Key : column.Key);

    private bool CanTurn(int direction) => !Loading && (OnPage.HasDelegate
        ? direction < 0 ? HasPrevious : HasNext
        : direction < 0 ? _page > 0 : (_page + 1) * RowsPerPage < Items.Count);

    private async Task TurnAsync(int direction)
    {
        if (OnPage.HasDelegate)
        {
            await OnPage.InvokeAsync(direction);
            return;
        }

        _page += direction;
        Divide();
    }

    private async Task OpenAsync(TableRowClickEventArgs<DataTableRow<T>> click)
    {
        if (click.Item is null)
        {
            return;
        }

        if (OnOpen.HasDelegate)
        {
            await OnOpen.InvokeAsync(click.Item.Item);
        }
        else if (RowHref?.Invoke(click.Item.Item) is { } href)
        {
            Navigation.NavigateTo(href);
        }
    }

    private string ClassOf(DataTableRow<T> row, int index) =>
        $"{(_opens ? "row-opens" : "")}{(IsOpen?.Invoke(row.Item) == true ? " row-open" : "")} {RowClass?.Invoke(row.Item)}";

    private static string ClassOf(TableColumn<T> column) => (column.Numeric ? "num right" : "") + (column.WideOnly ? " wide-only" : "");
}
