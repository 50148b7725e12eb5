namespace PerfPortal.Domain.Resources;

/// <summary>The names of the sensors.</summary>
public static class Sensors
{
    /// <summary>Processors and load.</summary>
    public const string Cpu = "cpu";

    /// <summary>Memory and swap.</summary>
    public const string Memory = "memory";

    /// <summary>File systems and block devices.</summary>
    public const string Disk = "disk";

    /// <summary>Network interfaces.</summary>
    public const string Network = "network";

    /// <summary>GPUs.</summary>
    public const string Gpu = "gpu";

    /// <summary>The sampling process itself.</summary>
    public const string Process = "process";

    /// <summary>All sensors.</summary>
    public static IReadOnlyList<string> All { get; } = [Cpu, Memory, Disk, Network, Gpu, Process];
}

/// <summary>The state of a sensor.</summary>
/// <remarks>Wire names are the lower-case names.</remarks>
public enum SensorState : byte
{
    /// <summary>Working.</summary>
    Ok = 0,

    /// <summary>Not available on the host; the values are <see langword="null"/>, never 0.</summary>
    Absent = 1,

    /// <summary>Available, but the last reading failed.</summary>
    Failed = 2,

    /// <summary>Disabled in the settings.</summary>
    Disabled = 3,

    /// <summary>Waiting for a second reading to compute a rate.</summary>
    Warming = 4,
}

/// <summary>A sensor's state and, unless it is working, the reason.</summary>
/// <param name="State">The state.</param>
/// <param name="Reason">The reason in one sentence, or <see langword="null"/> when the sensor is working.</param>
public readonly record struct SensorStatus(SensorState State, string? Reason)
{
    /// <summary>The status of a working sensor.</summary>
    public static SensorStatus Ok => new(SensorState.Ok, null);
}
