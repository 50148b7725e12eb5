namespace PerfPortal.Domain.Findings;

/// <summary>The severity of a finding.</summary>
/// <remarks>Wire names are the lower-case names.</remarks>
public enum Severity : byte
{
    /// <summary>Should be investigated.</summary>
    Warning = 1,

    /// <summary>Should be investigated first.</summary>
    Critical = 2,
}

/// <summary>The wire names of <see cref="Severity"/>.</summary>
public static class Severities
{
    /// <summary>The name on the wire.</summary>
    public static string WireName(this Severity severity) => severity == Severity.Critical ? "critical" : "warning";
}
