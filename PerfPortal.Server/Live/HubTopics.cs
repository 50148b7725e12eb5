namespace PerfPortal.Server.Live;

/// <summary>The topics of the hub and of the event stream.</summary>
internal static class HubTopics
{
    /// <summary>The topic of running and completed operations.</summary>
    public const string Operations = "operations";

    /// <summary>The topic of resource samples. While it has subscribers, the portal samples its host more often.</summary>
    public const string Resources = "resources";

    /// <summary>The topic of the dashboard.</summary>
    public const string Dashboard = "dashboard";

    /// <summary>The topic of alerts.</summary>
    public const string Alerts = "alerts";

    /// <summary>All topics.</summary>
    public static readonly string[] All = [Operations, Resources, Dashboard, Alerts];

    /// <summary>The error message for a <see langword="null"/> result of <see cref="Choose"/>.</summary>
    public static readonly string Error = $"topics must be one or more of {string.Join(", ", All)}.";

    /// <summary>Returns the distinct topics; <see langword="null"/> when <paramref name="names"/> is empty or contains an unknown topic.</summary>
    public static string[]? Choose(IEnumerable<string> names)
    {
        string[] chosen = [.. names.Distinct(StringComparer.Ordinal)];
        return chosen.Length == 0 || chosen.Except(All).Any() ? null : chosen;
    }
}
