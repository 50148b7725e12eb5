namespace PerfPortal.Server.Text;

/// <summary>How something does, as every page says it.</summary>
public enum Health
{
    /// <summary>Nothing is known: no data, an absent sensor.</summary>
    Unknown,

    /// <summary>Within its limits.</summary>
    Healthy,

    /// <summary>Over the first threshold.</summary>
    Warning,

    /// <summary>Over the second threshold, or failed.</summary>
    Critical,
}
