using System.Diagnostics.CodeAnalysis;

namespace PerfPortal.Domain.Operations;

/// <summary>The six types of operations that the portal tracks.</summary>
/// <remarks>The numeric values are stored; never renumber them.</remarks>
public enum MetricType : byte
{
    /// <summary>A model or a part of one is downloaded. Wire name <c>download_operation</c>.</summary>
    DownloadOperation = 0,

    /// <summary>Files of a model are verified. Wire name <c>health_check</c>.</summary>
    HealthCheck = 1,

    /// <summary>An alternative is chosen for an unavailable model. Wire name <c>fallback_strategy</c>.</summary>
    FallbackStrategy = 2,

    /// <summary>Usage data is collected or analysed. Wire name <c>analytics_collection</c>.</summary>
    AnalyticsCollection = 3,

    /// <summary>A model is loaded or runs inference. Wire name <c>model_operation</c>.</summary>
    ModelOperation = 4,

    /// <summary>System maintenance, such as retention or a store check. Wire name <c>system_resource</c>.</summary>
    SystemResource = 5,
}

/// <summary>The wire names of <see cref="MetricType"/>.</summary>
public static class MetricTypes
{
    private static readonly string[] Names =
        ["download_operation", "health_check", "fallback_strategy", "analytics_collection", "model_operation", "system_resource"];

    /// <summary>All metric types, ordered by stored value.</summary>
    public static IReadOnlyList<MetricType> All { get; } = Enum.GetValues<MetricType>();

    /// <summary>All wire names, in the order of <see cref="All"/>.</summary>
    public static IReadOnlyList<string> WireNames => Names;

    /// <summary>Returns the wire name of <paramref name="type"/>.</summary>
    /// <exception cref="IndexOutOfRangeException"><paramref name="type"/> is not a defined value.</exception>
    public static string WireName(this MetricType type) => Names[(int)type];

    /// <summary>Parses a wire name, case-sensitively.</summary>
    public static bool TryParse([NotNullWhen(true)] string? wireName, out MetricType type)
    {
        int index = Array.IndexOf(Names, wireName);
        type = (MetricType)Math.Max(index, 0);
        return index >= 0;
    }
}
