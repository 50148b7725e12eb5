namespace PerfPortal.Server.Live;

/// <summary>The topics of the hub and of the event stream.</summary>
internal static class HubTopics
{
    /// <summary>The topic that makes the portal sample its own host more often.</summary>
    public const string Resources = "resources";

    /// <summary>All topics.</summary>
    public static readonly string[] All = ["operations", Resources, "alerts", "dashboard"];

    /// <summary>The error where <see cref="Choose"/> returns <see langword="null"/>.</summary>
    public static readonly string Error = $"topics must name some of {string.Join(", ", All)}.";

    /// <summary>The named topics, each once; <see langword="null"/> if none or an unknown one is named.</summary>
    public static string[]? Choose(IEnumerable<string> names)
    {
        string[] chosen = [.. names.Distinct(StringComparer.Ordinal)];
        return chosen.Length == 0 || chosen.Except(All).Any() ? null : chosen;
    }
}
