namespace PerfPortal.Domain.Alerts.Rules;

/// <summary>How urgent an alert is. The numeric values are stored; append, never renumber.</summary>
/// <remarks>Wire names are the lower-case names.</remarks>
public enum AlertSeverity : byte
{
    /// <summary>Worth knowing.</summary>
    Info = 1,

    /// <summary>Should be investigated during working hours.</summary>
    Warning = 2,

    /// <summary>Should wake somebody up.</summary>
    Critical = 3,
}

/// <summary>The wire names of <see cref="AlertSeverity"/>.</summary>
public static class AlertSeverities
{
    /// <summary>The wire names, least urgent first.</summary>
    public static IReadOnlyList<string> WireNames { get; } = ["info", "warning", "critical"];

    /// <summary>The name on the wire.</summary>
    public static string WireName(this AlertSeverity severity) => WireNames[(int)severity - 1];

    /// <summary>Returns the severity with this wire name, or <see langword="null"/>.</summary>
    public static AlertSeverity? Parse(string? name) =>
        WireNames.IndexOf(name) is >= 0 and var index ? (AlertSeverity)(index + 1) : null;

    private static int IndexOf(this IReadOnlyList<string> names, string? name)
    {
        for (int i = 0; i < names.Count; i++)
        {
            if (names[i] == name)
            {
                return i;
            }
        }

        return -1;
    }
}
