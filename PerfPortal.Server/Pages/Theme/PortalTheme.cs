using MudBlazor;

namespace PerfPortal.Server.Pages.Theme;

/// <summary>The component library's theme: both palettes, typography and density. <see cref="PortalColors"/> has the colours.</summary>
public static class PortalTheme
{
    private static readonly string[] SystemFonts =
        ["system-ui", "-apple-system", "Segoe UI", "Roboto", "Helvetica Neue", "Noto Sans", "Liberation Sans", "Arial", "sans-serif"];

    /// <summary>The system's font, as the value of a CSS property.</summary>
    public static string FontFamily { get; } = string.Join(',', SystemFonts.Select(font => font.Contains(' ', StringComparison.Ordinal) ? $"\"{font}\"" : font));

    /// <summary>The theme with its light and dark palettes.</summary>
    public static MudTheme Theme { get; } = new()
    {
        PaletteLight = Palette(new PaletteLight(), PortalColors.Light),
        PaletteDark = Palette(new PaletteDark(), PortalColors.Dark),
        LayoutProperties = new LayoutProperties { DefaultBorderRadius = "6px", AppbarHeight = "48px" },
        Typography = new Typography
        {
            Default = new DefaultTypography { FontFamily = SystemFonts, FontSize = "0.875rem", LineHeight = "1.45", LetterSpacing = "normal" },
            Body1 = new Body1Typography { FontFamily = SystemFonts, FontSize = "0.875rem", LetterSpacing = "normal" },
            Body2 = new Body2Typography { FontFamily = SystemFonts, FontSize = "0.8125rem", LetterSpacing = "normal" },
            Subtitle1 = new Subtitle1Typography { FontFamily = SystemFonts, FontSize = "0.8125rem", LetterSpacing = "normal" },
            Button = new ButtonTypography { FontFamily = SystemFonts, FontSize = "0.8125rem", FontWeight = "500", TextTransform = "none", LetterSpacing = "normal" },
            H1 = new H1Typography { FontFamily = SystemFonts, FontSize = "1.25rem", FontWeight = "600", LetterSpacing = "normal" },
            H4 = new H4Typography { FontFamily = SystemFonts, FontSize = "2.5rem", FontWeight = "600", LineHeight = "1.1", LetterSpacing = "normal" },
            H5 = new H5Typography { FontFamily = SystemFonts, FontSize = "1.5rem", FontWeight = "600", LineHeight = "1.25", LetterSpacing = "normal" },
            H6 = new H6Typography { FontFamily = SystemFonts, FontSize = "1rem", FontWeight = "600", LetterSpacing = "normal" },
        },
    };

    private static TPalette Palette<TPalette>(TPalette palette, PortalColors colors)
        where TPalette : Palette
    {
        palette.Primary = colors.Accent;
        palette.PrimaryContrastText = colors.OnAccent;
        palette.Secondary = colors.MutedText;
        palette.Background = colors.Background;
        palette.BackgroundGray = colors.Raised;
        palette.Surface = colors.Surface;
        palette.AppbarBackground = colors.Surface;
        palette.AppbarText = colors.Text;
        palette.DrawerBackground = colors.Surface;
        palette.DrawerText = colors.Text;
        palette.DrawerIcon = colors.MutedText;
        palette.TextPrimary = colors.Text;
        palette.TextSecondary = colors.MutedText;
        palette.TextDisabled = colors.DisabledText;
        palette.ActionDefault = colors.MutedText;
        palette.LinesDefault = colors.Border;
        palette.LinesInputs = colors.StrongBorder;
        palette.TableLines = colors.Border;
        palette.Divider = colors.Border;
        palette.Success = colors.Success;
        palette.Warning = colors.Warning;
        palette.Error = colors.Error;
        palette.Info = colors.Accent;
        palette.SuccessContrastText = palette.WarningContrastText = palette.ErrorContrastText = palette.InfoContrastText = colors.OnAccent;
        return palette;
    }
}
