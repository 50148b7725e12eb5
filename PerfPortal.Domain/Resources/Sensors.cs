namespace PerfPortal.Domain.Resources;

/// <summary>The sensors that a host can have.</summary>
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

    /// <summary>Graphics processors.</summary>
    public const string Gpu = "gpu";

    /// <summary>The sampling process itself.</summary>
    public const string Process = "process";

    /// <summary>Every sensor.</summary>
    public static IReadOnlyList<string> All { get; } = [Cpu, Memory, Disk, Network, Gpu, Process];
}

/// <summary>Whether a sensor measures. Wire names are the lower-case names.</summary>
public enum SensorState : byte
{
    /// <summary>It measures.</summary>
    Ok = 0,

    /// <summary>The host has no such thing; the values are <see langword="null"/>, never 0.</summary>
    Absent = 1,

    /// <summary>It is there and could not be read this time.</summary>
    Failed = 2,

    /// <summary>It is switched off in the settings.</summary>
    Disabled = 3,

    /// <summary>It needs a second reading before it can say a rate.</summary>
    Warming = 4,
}

/// <summary>A sensor's state and, unless it is <see cref="SensorState.Ok"/>, why.</summary>
/// <param name="State">The state.</param>
/// <param name="Reason">One sentence for a person, or <see langword="null"/> when the sensor measures.</param>
public readonly record struct SensorStatus(SensorState State, string? Reason)
{
    /// <summary>The sensor measures.</summary>
    public static SensorStatus Ok => new(SensorState.Ok, null);
}
