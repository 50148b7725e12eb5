using System.Diagnostics.CodeAnalysis;

namespace PerfPortal.Domain.Operations;

/// <summary>The six kinds of operation that the portal follows. The numeric values are stored; never renumber them.</summary>
public enum MetricType : byte
{
    /// <summary>A model, or a part of one, is fetched. Wire name <c>download_operation</c>.</summary>
    DownloadOperation = 0,

    /// <summary>Files of a model are verified. Wire name <c>health_check</c>.</summary>
    HealthCheck = 1,

    /// <summary>An alternative is sought for a model that is not available. Wire name <c>fallback_strategy</c>.</summary>
    FallbackStrategy = 2,

    /// <summary>Usage data is collected or analysed. Wire name <c>analytics_collection</c>.</summary>
    AnalyticsCollection = 3,

    /// <summary>A model is loaded or generates. Wire name <c>model_operation</c>.</summary>
    ModelOperation = 4,

    /// <summary>Work on the system itself, such as retention or a store check. Wire name <c>system_resource</c>.</summary>
    SystemResource = 5,
}

/// <summary>The wire names of <see cref="MetricType"/>.</summary>
public static class MetricTypes
{
    private static readonly string[] Names =
        ["download_operation", "health_check", "fallback_strategy", "analytics_collection", "model_operation", "system_resource"];

    /// <summary>Every metric type, in the order of its stored value.</summary>
    public static IReadOnlyList<MetricType> All { get; } = Enum.GetValues<MetricType>();

    /// <summary>Every wire name, in the order of <see cref="All"/>.</summary>
    public static IReadOnlyList<string> WireNames => Names;

    /// <summary>The name of <paramref name="type"/> on the wire.</summary>
    /// <exception cref="IndexOutOfRangeException"><paramref name="type"/> is none of the six.</exception>
    public static string WireName(this MetricType type) => Names[(int)type];

    /// <summary>Reads a wire name, exactly as it is written in the contract.</summary>
    public static bool TryParse([NotNullWhen(true)] string? wireName, out MetricType type)
    {
        int index = Array.IndexOf(Names, wireName);
        type = (MetricType)Math.Max(index, 0);
        return index >= 0;
    }
}
