using System.Collections.Frozen;

namespace PerfPortal.Domain.Findings;

/// <summary>What a finding says. The numeric values are stored; append, never renumber.</summary>
public enum FindingKind : byte
{
    /// <summary>Operations of a name became slower, or fail more often, at a point in time.</summary>
    Regression = 1,

    /// <summary>A series behaves as it never did before.</summary>
    Anomaly = 2,

    /// <summary>A resource will run out, or a threshold will be reached.</summary>
    Forecast = 3,

    /// <summary>The same error occurs again and again.</summary>
    RecurringFailure = 4,

    /// <summary>Operations become slower gradually.</summary>
    Degradation = 5,

    /// <summary>Something that reported regularly reports no more.</summary>
    Silence = 6,

    /// <summary>A health check found a model damaged or incomplete.</summary>
    DamagedModel = 7,
}

/// <summary>The wire names of <see cref="FindingKind"/>.</summary>
public static class FindingKinds
{
    private static readonly FrozenDictionary<FindingKind, string> Names = new Dictionary<FindingKind, string>
    {
        [FindingKind.Regression] = "regression",
        [FindingKind.Anomaly] = "anomaly",
        [FindingKind.Forecast] = "forecast",
        [FindingKind.RecurringFailure] = "recurring_failure",
        [FindingKind.Degradation] = "degradation",
        [FindingKind.Silence] = "silence",
        [FindingKind.DamagedModel] = "damaged_model",
    }.ToFrozenDictionary();

    private static readonly FrozenDictionary<string, FindingKind> Kinds = Names.ToFrozenDictionary(pair => pair.Value, pair => pair.Key, StringComparer.Ordinal);

    /// <summary>The wire names, in the order of the kinds.</summary>
    public static IReadOnlyList<string> WireNames { get; } = [.. Enum.GetValues<FindingKind>().Select(kind => Names[kind])];

    /// <summary>The name on the wire.</summary>
    public static string WireName(this FindingKind kind) => Names[kind];

    /// <summary>Returns the kind with this wire name, or <see langword="null"/>.</summary>
    public static FindingKind? Parse(string name) => Kinds.TryGetValue(name, out var kind) ? kind : null;
}
