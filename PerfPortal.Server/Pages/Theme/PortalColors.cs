using System.Globalization;
using System.Text;

namespace PerfPortal.Server.Pages.Theme;

/// <summary>
/// The colours of one theme, as CSS colours. Each status colour has a soft variant for backgrounds. Text and status colours have a contrast of at least 4.5 : 1 on
/// <see cref="Surface"/> and <see cref="Background"/> (WCAG 2.2, 1.4.3). The chart colours follow Okabe and Ito (2008), which remain distinguishable for
/// people with colour vision deficiency.
/// </summary>
public sealed record PortalColors
{
    /// <summary>The light theme.</summary>
    public static PortalColors Light { get; } = new()
    {
        IsDark = false,
        Background = "#f6f7f9",
        Surface = "#ffffff",
        Raised = "#eff1f4",
        Border = "#d9dde3",
        StrongBorder = "#858e9b",
        Text = "#1b1f26",
        MutedText = "#505a68",
        DisabledText = "#7a8492",
        Accent = "#0b62c4",
        OnAccent = "#ffffff",
        SoftAccent = "#e3eefb",
        Success = "#1a7340",
        SoftSuccess = "#e2f3e8",
        Warning = "#8a5300",
        SoftWarning = "#fcf0d9",
        Error = "#b3261e",
        SoftError = "#fce8e6",
        SoftNeutral = "#e9ecf0",
        Charts = ["#0072b2", "#d55e00", "#009e73", "#cc79a7", "#c98500", "#56b4e9"],
        ChartGrid = "#e8ebef",
    };

    /// <summary>The dark theme.</summary>
    public static PortalColors Dark { get; } = new()
    {
        IsDark = true,
        Background = "#101317",
        Surface = "#171b21",
        Raised = "#1e232b",
        Border = "#2c333d",
        StrongBorder = "#6c7787",
        Text = "#e6e9ee",
        MutedText = "#a3adba",
        DisabledText = "#76808e",
        Accent = "#6cb0ff",
        OnAccent = "#0b1a2b",
        SoftAccent = "#1b2d44",
        Success = "#5fcf8e",
        SoftSuccess = "#15301f",
        Warning = "#f0b429",
        SoftWarning = "#352a10",
        Error = "#ff8a80",
        SoftError = "#3c1d1b",
        SoftNeutral = "#252b34",
        Charts = ["#56b4e9", "#e69f00", "#2bbf94", "#cc79a7", "#f0e442", "#e8713a"],
        ChartGrid = "#232931",
    };

    /// <summary>Whether this is the dark theme.</summary>
    public required bool IsDark { get; init; }

    /// <summary>The page behind all surfaces.</summary>
    public required string Background { get; init; }

    /// <summary>Cards, tables, the app bar and the navigation.</summary>
    public required string Surface { get; init; }

    /// <summary>Table headers and hovered items.</summary>
    public required string Raised { get; init; }

    /// <summary>Outlines and dividers.</summary>
    public required string Border { get; init; }

    /// <summary>Outlines of input fields.</summary>
    public required string StrongBorder { get; init; }

    /// <summary>Text.</summary>
    public required string Text { get; init; }

    /// <summary>Secondary text and icons.</summary>
    public required string MutedText { get; init; }

    /// <summary>Text of disabled controls.</summary>
    public required string DisabledText { get; init; }

    /// <summary>Links, focus and the primary action.</summary>
    public required string Accent { get; init; }

    /// <summary>Text on <see cref="Accent"/>.</summary>
    public required string OnAccent { get; init; }

    /// <summary>The background of the selected item.</summary>
    public required string SoftAccent { get; init; }

    /// <summary>Success.</summary>
    public required string Success { get; init; }

    /// <summary>The background of a success.</summary>
    public required string SoftSuccess { get; init; }

    /// <summary>A warning.</summary>
    public required string Warning { get; init; }

    /// <summary>The background of a warning.</summary>
    public required string SoftWarning { get; init; }

    /// <summary>An error.</summary>
    public required string Error { get; init; }

    /// <summary>The background of an error.</summary>
    public required string SoftError { get; init; }

    /// <summary>The background of a neutral status, and of bars.</summary>
    public required string SoftNeutral { get; init; }

    /// <summary>The colours of chart series, in order.</summary>
    public required IReadOnlyList<string> Charts { get; init; }

    /// <summary>The grid lines of charts.</summary>
    public required string ChartGrid { get; init; }

    /// <summary>
    /// A style sheet with the fonts and the colours of both themes as CSS variables: our own, and the component library's, which otherwise appear only with its own
    /// style element and would flash. The document's <c>data-theme</c> selects the theme before the first paint.
    /// </summary>
    public static string StyleSheet { get; } = Fonts + Light.Rule(":root,:root[data-theme=light]") + "@media screen{" + Dark.Rule(":root[data-theme=dark]") + "}"
        // Paper is light. The selector outweighs the component library's own rule.
        + "@media print{" + Light.Rule(":root:root:root") + "}";

    /// <summary>The fonts, as CSS variables.</summary>
    private static string Fonts => $":root{{--font:{PortalTheme.FontFamily};--mono:ui-monospace,\"SF Mono\",\"Cascadia Mono\",\"Liberation Mono\",Menlo,Consolas,monospace;--mud-typography-default-family:var(--font)}}";

    private string Rule(string selector)
    {
        var css = new StringBuilder(selector).Append("{color-scheme:").Append(IsDark ? "dark" : "light");
        foreach (var (name, value) in Variables())
        {
            css.Append(CultureInfo.InvariantCulture, $";--{name}:{value}");
        }

        return css.Append('}').ToString();
    }

    private IEnumerable<(string Name, string Value)> Variables() =>
    [
        ("bg", Background), ("surface", Surface), ("surface-2", Raised), ("border", Border), ("border-strong", StrongBorder), ("text", Text), ("text-2", MutedText),
        ("accent", Accent), ("accent-text", OnAccent), ("accent-soft", SoftAccent), ("ok", Success), ("ok-soft", SoftSuccess), ("warn", Warning), ("warn-soft", SoftWarning),
        ("crit", Error), ("crit-soft", SoftError), ("off", MutedText), ("off-soft", SoftNeutral), ("chart-grid", ChartGrid),
        .. Charts.Select((colour, i) => (string.Create(CultureInfo.InvariantCulture, $"chart-{i + 1}"), colour)),
        ("mud-palette-primary", Accent), ("mud-palette-primary-text", OnAccent), ("mud-palette-primary-darken", Accent), ("mud-palette-primary-lighten", Accent),
        ("mud-palette-background", Background), ("mud-palette-background-gray", Raised), ("mud-palette-surface", Surface),
        ("mud-palette-text-primary", Text), ("mud-palette-text-secondary", MutedText), ("mud-palette-text-disabled", DisabledText), ("mud-palette-action-default", MutedText),
        ("mud-palette-lines-default", Border), ("mud-palette-lines-inputs", StrongBorder), ("mud-palette-table-lines", Border), ("mud-palette-divider", Border),
        ("mud-palette-success", Success), ("mud-palette-warning", Warning), ("mud-palette-error", Error), ("mud-palette-info", Accent),
        // Text on filled messages.
        ("mud-palette-success-text", OnAccent), ("mud-palette-warning-text", OnAccent), ("mud-palette-error-text", OnAccent), ("mud-palette-info-text", OnAccent),
        // The text of notices.
        ("mud-palette-success-darken", Success), ("mud-palette-warning-darken", Warning), ("mud-palette-error-darken", Error), ("mud-palette-info-darken", Accent),
        ("mud-palette-drawer-background", Surface), ("mud-palette-drawer-text", Text), ("mud-palette-drawer-icon", MutedText),
        ("mud-palette-appbar-background", Surface), ("mud-palette-appbar-text", Text),
    ];
}
