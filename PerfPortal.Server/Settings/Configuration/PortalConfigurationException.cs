namespace PerfPortal.Server.Settings.Configuration;

/// <summary>The portal cannot start as it is configured. The message is meant for the person who configured it and lists every mistake.</summary>
public sealed class PortalConfigurationException(IReadOnlyList<string> mistakes) : Exception(Describe(mistakes))
{
    /// <summary>Every mistake, each beginning with its configuration key.</summary>
    public IReadOnlyList<string> Mistakes { get; } = mistakes;

    private static string Describe(IReadOnlyList<string> mistakes) =>
        $"PerfPortal cannot start: {(mistakes.Count == 1 ? "one setting is" : $"{mistakes.Count} settings are")} wrong."
        + string.Concat(mistakes.Select(mistake => "\n  - " + mistake));
}
