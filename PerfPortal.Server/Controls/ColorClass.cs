using MudBlazor;
using PerfPortal.Server.Text;

namespace PerfPortal.Server.Controls;

/// <summary>The component library's class for the colour of a text, for elements that are not components.</summary>
internal static class ColorClass
{
    /// <summary>Returns the class of a colour.</summary>
    public static string Of(Color color) => color is Color.Default ? "mud-text-secondary" : $"mud-{color.ToString().ToLowerInvariant()}-text";

    /// <summary>Returns the class of a line in a state: as the state, the accent where nothing is wrong.</summary>
    public static string Of(Health state) => Of(state switch
    {
        Health.Critical => Color.Error,
        Health.Warning => Color.Warning,
        _ => Color.Primary,
    });
}
