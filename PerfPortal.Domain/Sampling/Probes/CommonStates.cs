using PerfPortal.Domain.Resources;

namespace PerfPortal.Domain.Sampling.Probes;

/// <summary>Sensor states shared by several probes.</summary>
internal static class CommonStates
{
    /// <summary>The first reading; rates need two.</summary>
    public static SensorStatus FirstReading { get; } = new(SensorState.Warming, "Rates need a second reading.");

    /// <summary>No rate in this round despite a previous reading.</summary>
    public static SensorStatus NoDifference { get; } =
        new(SensorState.Warming, "The counters did not advance since the last reading, or one was reset; waiting for the next reading.");
}
