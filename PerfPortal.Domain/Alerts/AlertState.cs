namespace PerfPortal.Domain.Alerts;

/// <summary>The state of an alert. The numeric values are stored; append, never renumber.</summary>
public enum AlertState : byte
{
    /// <summary>The condition does not hold; there is no alert.</summary>
    Inactive = 0,

    /// <summary>The condition holds, but not for long enough yet.</summary>
    Pending = 1,

    /// <summary>The condition has held for long enough.</summary>
    Firing = 2,

    /// <summary>It was firing, and nothing has been measured since: the problem may last, and it is not called resolved.</summary>
    NoData = 3,

    /// <summary>It was firing, and the condition no longer holds.</summary>
    Resolved = 4,
}

/// <summary>The wire names of <see cref="AlertState"/>.</summary>
public static class AlertStates
{
    /// <summary>The wire names of the states that an alert can have.</summary>
    public static IReadOnlyList<string> WireNames { get; } = ["pending", "firing", "no_data", "resolved"];

    /// <summary>The name on the wire.</summary>
    public static string WireName(this AlertState state) => state == AlertState.Inactive ? "inactive" : WireNames[(int)state - 1];

    /// <summary>Whether people have to deal with it: it fires, or fired until data stopped.</summary>
    public static bool IsActive(this AlertState state) => state is AlertState.Firing or AlertState.NoData;
}
