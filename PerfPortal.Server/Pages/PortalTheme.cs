using MudBlazor;

namespace PerfPortal.Server.Pages;

/// <summary>
/// The component library's theme. The colours match <c>site.css</c>, which takes precedence: it selects them by the
/// document's <c>data-theme</c>, which is set before the first paint.
/// </summary>
public static class PortalTheme
{
    private static readonly string[] SystemFonts =
        ["system-ui", "-apple-system", "Segoe UI", "Roboto", "Helvetica Neue", "Noto Sans", "Liberation Sans", "Arial", "sans-serif"];

    /// <summary>The theme with its light and dark palettes.</summary>
    public static MudTheme Theme { get; } = new()
    {
        PaletteLight = new PaletteLight
        {
            Primary = "#0b62c4",
            PrimaryContrastText = "#ffffff",
            Secondary = "#505a68",
            Background = "#f6f7f9",
            BackgroundGray = "#eff1f4",
            Surface = "#ffffff",
            AppbarBackground = "#ffffff",
            AppbarText = "#1b1f26",
            DrawerBackground = "#ffffff",
            DrawerText = "#1b1f26",
            DrawerIcon = "#505a68",
            TextPrimary = "#1b1f26",
            TextSecondary = "#505a68",
            TextDisabled = "#7a8492",
            ActionDefault = "#505a68",
            LinesDefault = "#d9dde3",
            LinesInputs = "#858e9b",
            TableLines = "#d9dde3",
            Divider = "#d9dde3",
            Success = "#1a7340",
            Warning = "#8a5300",
            Error = "#b3261e",
            Info = "#0b62c4",
        },
        PaletteDark = new PaletteDark
        {
            Primary = "#6cb0ff",
            PrimaryContrastText = "#0b1a2b",
            Secondary = "#a3adba",
            Background = "#101317",
            BackgroundGray = "#1e232b",
            Surface = "#171b21",
            AppbarBackground = "#171b21",
            AppbarText = "#e6e9ee",
            DrawerBackground = "#171b21",
            DrawerText = "#e6e9ee",
            DrawerIcon = "#a3adba",
            TextPrimary = "#e6e9ee",
            TextSecondary = "#a3adba",
            TextDisabled = "#76808e",
            ActionDefault = "#a3adba",
            LinesDefault = "#2c333d",
            LinesInputs = "#6c7787",
            TableLines = "#2c333d",
            Divider = "#2c333d",
            Success = "#5fcf8e",
            Warning = "#f0b429",
            Error = "#ff8a80",
            Info = "#6cb0ff",
        },
        LayoutProperties = new LayoutProperties { DefaultBorderRadius = "6px" },
        Typography = new Typography
        {
            Default = new DefaultTypography { FontFamily = SystemFonts, FontSize = "0.875rem", LineHeight = "1.45", LetterSpacing = "normal" },
            Body1 = new Body1Typography { FontFamily = SystemFonts, FontSize = "0.875rem", LetterSpacing = "normal" },
            Body2 = new Body2Typography { FontFamily = SystemFonts, FontSize = "0.8125rem", LetterSpacing = "normal" },
            Button = new ButtonTypography { FontFamily = SystemFonts, FontSize = "0.8125rem", FontWeight = "500", TextTransform = "none", LetterSpacing = "normal" },
            H1 = new H1Typography { FontFamily = SystemFonts, FontSize = "1.25rem", FontWeight = "600", LetterSpacing = "normal" },
            H6 = new H6Typography { FontFamily = SystemFonts, FontSize = "1rem", FontWeight = "600", LetterSpacing = "normal" },
        },
    };
}
