using System.Collections.Concurrent;
using Microsoft.AspNetCore.Components;

namespace PerfPortal.Server.Controls;

/// <summary>
/// Icons as inline SVG, created once and shared by all pages. They are hidden from screen readers because each has text beside it. One component
/// for each of the roughly 70 icons of a page would use more server memory than the page's data.
/// </summary>
public static class SvgIcon
{
    private static readonly ConcurrentDictionary<(string Shapes, string Class), MarkupString> Made = new();

    /// <summary>Returns a small icon for use beside text.</summary>
    /// <param name="shapes">The shapes in a 24 × 24 box, such as <c>Icons.Material.Outlined.Close</c>. Must be a constant because every icon is cached.</param>
    public static MarkupString Small(string shapes) => Of(shapes, "icon icon-small");

    /// <summary>Returns a large, standalone icon.</summary>
    /// <param name="shapes">As for <see cref="Small"/>.</param>
    public static MarkupString Large(string shapes) => Of(shapes, "icon");

    private static MarkupString Of(string shapes, string style) => Made.GetOrAdd((shapes, style), static key =>
        new($"<svg class=\"{key.Class}\" viewBox=\"0 0 24 24\" aria-hidden=\"true\" focusable=\"false\">{key.Shapes}</svg>"));
}
