namespace PerfPortal.Server.Settings.Configuration;

/// <summary>Thrown when the configuration is invalid. The message is intended for the administrator and lists every error.</summary>
public sealed class PortalConfigurationException(IReadOnlyList<string> errors) : Exception(Describe(errors))
{
    /// <summary>The errors, each starting with its configuration key.</summary>
    public IReadOnlyList<string> Errors { get; } = errors;

    private static string Describe(IReadOnlyList<string> errors) =>
        $"PerfPortal cannot start: {(errors.Count == 1 ? "one setting is" : $"{errors.Count} settings are")} invalid."
        + string.Concat(errors.Select(error => "\n  - " + error));
}
