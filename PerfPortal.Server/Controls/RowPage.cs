using System.Globalization;

namespace PerfPortal.Server.Controls;

/// <summary>Divides rows that are in memory into pages, so that no page of the browser shows thousands of them.</summary>
public static class RowPage
{
    /// <summary>The number of rows of a page.</summary>
    public const int Size = 50;

    /// <summary>Returns the page with a number from the URL; the nearest existing page if there is none with this number.</summary>
    /// <param name="rows">All rows, filtered and sorted.</param>
    /// <param name="number">The number, from 1; <see langword="null"/> or invalid text means the first.</param>
    public static RowPage<T> Of<T>(IReadOnlyList<T> rows, string? number)
    {
        ArgumentNullException.ThrowIfNull(rows);
        int last = Math.Max(1, (rows.Count + Size - 1) / Size);
        int page = int.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out int asked) ? Math.Clamp(asked, 1, last) : 1;
        return new(rows.Count <= Size ? rows : [.. rows.Skip((page - 1) * Size).Take(Size)], page, last, rows.Count);
    }
}

/// <summary>One page of rows.</summary>
/// <typeparam name="T">The row type.</typeparam>
/// <param name="Rows">The rows of the page.</param>
/// <param name="Number">The number of the page, from 1.</param>
/// <param name="Last">The number of the last page.</param>
/// <param name="Total">The number of rows on all pages.</param>
public sealed record RowPage<T>(IReadOnlyList<T> Rows, int Number, int Last, int Total)
{
    /// <summary>Whether there is a previous page.</summary>
    public bool HasPrevious => Number > 1;

    /// <summary>Whether there is a next page.</summary>
    public bool HasNext => Number < Last;

    /// <summary><c>51–100 of 2,000</c>; <see langword="null"/> when one page shows everything.</summary>
    public string? Text => Last == 1 ? null : $"{Domain.Text.Format.Count(((Number - 1) * RowPage.Size) + 1)}–{Domain.Text.Format.Count(((Number - 1) * RowPage.Size) + Rows.Count)} of {Domain.Text.Format.Count(Total)}";

    /// <summary>The number of another page for the URL; <see langword="null"/> for the first.</summary>
    /// <param name="step">The number of pages forward; negative for back.</param>
    public string? Go(int step) => Math.Clamp(Number + step, 1, Last) is var page and > 1 ? page.ToString(CultureInfo.InvariantCulture) : null;
}
