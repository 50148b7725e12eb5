namespace PerfPortal.Server.Settings.Configuration;

/// <summary>The portal cannot start as it is configured. The message is meant for the person who configured it and lists every mistake.</summary>
public sealed class PortalConfigurationException(IReadOnlyList<string> errors) : Exception(Describe(errors))
{
    /// <summary>Every mistake, each beginning with its configuration key.</summary>
    public IReadOnlyList<string> Errors { get; } = errors;

    private static string Describe(IReadOnlyList<string> errors) =>
        $"PerfPortal cannot start: {(errors.Count == 1 ? "one setting is" : $"{errors.Count} settings are")} wrong."
        + string.Concat(errors.Select(error => "\n  - " + error));
}
