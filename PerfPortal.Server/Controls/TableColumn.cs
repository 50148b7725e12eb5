using Microsoft.AspNetCore.Components;

namespace PerfPortal.Server.Controls;

/// <summary>A column of a <see cref="DataTable{T}"/>.</summary>
/// <typeparam name="T">The row type.</typeparam>
/// <param name="Key">The key of the column, used as its sort field.</param>
/// <param name="Title">The header.</param>
public sealed record TableColumn<T>(string Key, string Title)
{
    /// <summary>The text of a cell.</summary>
    public Func<T, string?>? Text { get; init; }

    /// <summary>The content of a cell if text is not sufficient.</summary>
    public RenderFragment<T>? Cell { get; init; }

    /// <summary>The unit, shown in the header.</summary>
    public string? Unit { get; init; }

    /// <summary>Whether the column contains numbers, which are right-aligned.</summary>
    public bool Numeric { get; init; }

    /// <summary>Whether the column can be sorted.</summary>
    public bool Sortable { get; init; }

    /// <summary>Whether the first click sorts descending, as is useful for durations and times.</summary>
    public bool DescendingFirst { get; init; }

    /// <summary>Whether the column is hidden by default.</summary>
    public bool HiddenByDefault { get; init; }

    /// <summary>Whether the column is hidden on narrow screens.</summary>
    public bool WideOnly { get; init; }
}
