using PerfPortal.Server.Pages.Theme;
using PerfPortal.Server.Security;
using Xunit;

namespace PerfPortal.Tests.Security;

public sealed class PlainPageTests
{
    [Fact]
    public void Pages_before_sign_in_have_the_colours_of_the_theme_and_no_script()
    {
        string page = PlainPage.Write("Sign in", "");
        foreach (var colors in new[] { PortalColors.Light, PortalColors.Dark })
        {
            Assert.All(
                [colors.Background, colors.Surface, colors.Border, colors.StrongBorder, colors.Text, colors.MutedText, colors.Accent, colors.OnAccent, colors.Error],
                color => Assert.Contains(color, page, StringComparison.Ordinal));
        }

        Assert.DoesNotContain("<script", page, StringComparison.Ordinal);
    }

    [Fact]
    public void Paper_is_light_in_the_dark_theme_too()
    {
        string css = PortalColors.StyleSheet;
        Assert.Contains("@media screen{:root[data-theme=dark]{color-scheme:dark", css, StringComparison.Ordinal);
        Assert.Contains("@media print{:root:root:root{color-scheme:light", css, StringComparison.Ordinal);
    }
}
