using Microsoft.AspNetCore.Components;
using MudBlazor;

namespace PerfPortal.Server.Controls;

/// <summary>A grid column that is identified by the key of its <see cref="TableColumn{T}"/>, so that the grid can announce the sort order of the server.</summary>
/// <typeparam name="T">The item type.</typeparam>
public sealed class DataTableColumn<T> : TemplateColumn<DataTableRow<T>>
{
    /// <summary>The key of the column.</summary>
    [Parameter, EditorRequired]
    public string Key { get; set; } = "";

    /// <inheritdoc/>
    public override string PropertyName => Key;
}
