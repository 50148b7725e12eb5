using PerfPortal.Domain.Resources;

namespace PerfPortal.Domain.Sampling.Probes;

/// <summary>States that several probes report.</summary>
internal static class CommonStates
{
    /// <summary>Rates need two readings, and this was the first.</summary>
    public static SensorStatus FirstReading { get; } = new(SensorState.Warming, "Rates need a second reading.");

    /// <summary>There is no rate in this round though there was a reading before.</summary>
    public static SensorStatus NoDifference { get; } =
        new(SensorState.Warming, "Too little has happened since the last reading, or a counter went backwards; the next reading tells.");
}
