using Microsoft.AspNetCore.Components;
using PerfPortal.Server.Text;

namespace PerfPortal.Server.Controls;

/// <summary>A column of a <see cref="DataTable{T}"/>.</summary>
/// <typeparam name="T">What a row is.</typeparam>
/// <param name="Key">What identifies it; the field name of its sort.</param>
/// <param name="Title">Its header.</param>
public sealed record TableColumn<T>(string Key, string Title)
{
    /// <summary>The text of a cell.</summary>
    public Func<T, string?>? Text { get; init; }

    /// <summary>The content of a cell, where text is not enough.</summary>
    public RenderFragment<T>? Cell { get; init; }

    /// <summary>The unit, written once in the header.</summary>
    public string? Unit { get; init; }

    /// <summary>Numbers stand at the right.</summary>
    public bool Numeric { get; init; }

    /// <summary>The header sorts.</summary>
    public bool Sortable { get; init; }

    /// <summary>The first click sorts descending, as one wants of durations and times.</summary>
    public bool DescendingFirst { get; init; }

    /// <summary>Not shown until it is chosen.</summary>
    public bool HiddenAtFirst { get; init; }

    /// <summary>Left out on a phone.</summary>
    public bool WideOnly { get; init; }
}
