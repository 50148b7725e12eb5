namespace PerfPortal.Domain.Findings;

/// <summary>How much a finding matters. Wire names are the lower-case names.</summary>
public enum Severity : byte
{
    /// <summary>To be looked at.</summary>
    Warning = 1,

    /// <summary>To be looked at first.</summary>
    Critical = 2,
}

/// <summary>The wire names of <see cref="Severity"/>.</summary>
public static class Severities
{
    /// <summary>The name on the wire.</summary>
    public static string WireName(this Severity severity) => severity == Severity.Critical ? "critical" : "warning";
}
