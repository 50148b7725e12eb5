namespace PerfPortal.Server.Text;

/// <summary>The health states that every page uses.</summary>
public enum Health
{
    /// <summary>Unknown: no data or no sensor.</summary>
    Unknown,

    /// <summary>Within the thresholds.</summary>
    Healthy,

    /// <summary>Above the warning threshold.</summary>
    Warning,

    /// <summary>Above the critical threshold, or failed.</summary>
    Critical,
}
