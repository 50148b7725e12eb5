using System.Globalization;
using PerfPortal.Server.Pages.Theme;
using Xunit;

namespace PerfPortal.Tests.Pages.Theme;

public sealed class PortalColorsTests
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void The_text_of_a_filled_message_is_legible_in_every_colour(bool isDark)
    {
        var colors = isDark ? PortalColors.Dark : PortalColors.Light;
        Assert.All([colors.Accent, colors.Success, colors.Warning, colors.Error], fill => Assert.InRange(Contrast(colors.OnAccent, fill), 4.5, 21));
        Assert.All(
            ["success", "warning", "error", "info"], kind => Assert.Contains($"--mud-palette-{kind}-text:{colors.OnAccent}", PortalColors.StyleSheet, StringComparison.Ordinal));
        var palette = isDark ? (MudBlazor.Palette)PortalTheme.Theme.PaletteDark : PortalTheme.Theme.PaletteLight;
        Assert.All(
            [palette.SuccessContrastText, palette.WarningContrastText, palette.ErrorContrastText, palette.InfoContrastText], text => Assert.Equal(new MudBlazor.Utilities.MudColor(colors.OnAccent), text));
    }

    /// <summary>The contrast of two colours, 1 to 21 (WCAG 2).</summary>
    private static double Contrast(string one, string other)
    {
        double[] luminances = [Luminance(one), Luminance(other)];
        return (luminances.Max() + 0.05) / (luminances.Min() + 0.05);
    }

    private static double Luminance(string color)
    {
        double[] parts = [.. Enumerable.Range(0, 3).Select(i => int.Parse(color.AsSpan(1 + (2 * i), 2), NumberStyles.HexNumber, CultureInfo.InvariantCulture) / 255.0)
            .Select(part => part <= 0.04045 ? part / 12.92 : Math.Pow((part + 0.055) / 1.055, 2.4))];
        return (0.2126 * parts[0]) + (0.7152 * parts[1]) + (0.0722 * parts[2]);
    }
}
