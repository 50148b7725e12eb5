using System.Collections.Concurrent;
using Microsoft.AspNetCore.Components;

namespace PerfPortal.Server.Controls;

/// <summary>
/// Icons as plain SVG, each made once for all pages. They say nothing to a screen reader: a word stands beside each. A component for each of the
/// seventy icons of a page would take more of the server's memory than its figures do.
/// </summary>
public static class SvgIcon
{
    private static readonly ConcurrentDictionary<(string Shapes, string Class), MarkupString> Made = new();

    /// <summary>An icon beside text.</summary>
    /// <param name="shapes">Its shapes in a box of 24 by 24, such as <c>Icons.Material.Outlined.Close</c>; a constant of the program, since each is kept.</param>
    public static MarkupString Small(string shapes) => Of(shapes, "icon icon-small");

    /// <summary>An icon that stands for itself.</summary>
    /// <param name="shapes">As for <see cref="Small"/>.</param>
    public static MarkupString Large(string shapes) => Of(shapes, "icon");

    private static MarkupString Of(string shapes, string style) => Made.GetOrAdd((shapes, style), static key =>
        new($"<svg class=\"{key.Class}\" viewBox=\"0 0 24 24\" aria-hidden=\"true\" focusable=\"false\">{key.Shapes}</svg>"));
}
