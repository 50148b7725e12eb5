using System.Collections.Frozen;

namespace PerfPortal.Domain.Advice;

/// <summary>The kinds of advice with their safe ranges and defaults.</summary>
public static class AdviceCatalog
{
    /// <summary>Retries that succeed less often than this are not worthwhile: one in 20.</summary>
    public const double WorthwhileRetry = 0.05;

    private const double Year = 365 * 86_400.0;

    private static readonly FrozenDictionary<string, (double Delay, double Success)> Categories = new Dictionary<string, (double Delay, double Success)>(StringComparer.Ordinal)
    {
        // What a retry does not change by itself, such as a full disk or a wrong key, is not retried without evidence that it helps.
        ["network"] = (1, 0.5),
        ["server"] = (2, 0.5),
        ["rate_limit"] = (10, 0.5),
        ["integrity"] = (1, 0.5),
        ["disk"] = (1, 0),
        ["authentication"] = (1, 0),
    }.ToFrozenDictionary(StringComparer.Ordinal);

    /// <summary>The kinds, in the order in which they are answered.</summary>
    public static IReadOnlyList<AdviceKindInfo> All { get; } =
    [
        new(AdviceKinds.RetryDelay, AdviceTopic.Download, "s", 0.1, 300, 1, AdviceUse.Tried),
        new(AdviceKinds.RetrySuccess, AdviceTopic.Download, "", 0, 1, 0.5, AdviceUse.Tried),
        new(AdviceKinds.Timeout, AdviceTopic.Download, "s", 5, 600, 30, AdviceUse.Tried),
        new(AdviceKinds.Connections, AdviceTopic.Download, "", 1, 16, 4, AdviceUse.Tried),
        new(AdviceKinds.ConnectionsTrial, AdviceTopic.Download, "", 1, 16, null, AdviceUse.Tried),
        new(AdviceKinds.Concurrency, AdviceTopic.Download, "", 1, 8, 2, AdviceUse.Tried),
        new(AdviceKinds.ConcurrencyTrial, AdviceTopic.Download, "", 1, 8, null, AdviceUse.Tried),
        new(AdviceKinds.BandwidthShare, AdviceTopic.Download, "", 0.1, 1, 1, AdviceUse.Followed),
        new(AdviceKinds.ExpectedSpeed, AdviceTopic.Download, "B/s", 0, 1e12, null, AdviceUse.Informs),
        new(AdviceKinds.Eta, AdviceTopic.Download, "s", 0, 10 * Year, null, AdviceUse.Informs),
        new(AdviceKinds.KnownError, AdviceTopic.Download, "", 0, 1, null, AdviceUse.Informs),
        new(AdviceKinds.CheckInterval, AdviceTopic.HealthCheck, "s", 3600, 7 * 86_400, 86_400, AdviceUse.Tried),
        new(AdviceKinds.FullCheckEvery, AdviceTopic.HealthCheck, "", 1, 100, 25, AdviceUse.Followed),
        new(AdviceKinds.ReadRate, AdviceTopic.HealthCheck, "B/s", 10e6, 10e9, 200e6, AdviceUse.Followed),
        new(AdviceKinds.Degradation, AdviceTopic.HealthCheck, "1/d", -1000, 1000, null, AdviceUse.Informs),
        new(AdviceKinds.RepairRank, AdviceTopic.HealthCheck, "", 1, 1000, null, AdviceUse.Followed),
        new(AdviceKinds.AlternativeRank, AdviceTopic.Fallback, "", 1, 1000, null, AdviceUse.Tried),
        new(AdviceKinds.ExpectedSeconds, AdviceTopic.Fallback, "s", 0, Year, null, AdviceUse.Informs),
        new(AdviceKinds.ExpectedSuccess, AdviceTopic.Fallback, "", 0, 1, null, AdviceUse.Informs),
        new(AdviceKinds.CacheLifetime, AdviceTopic.Fallback, "s", 10, 86_400, 300, AdviceUse.Tried),
    ];

    private static readonly FrozenDictionary<string, AdviceKindInfo> ByKind = All.ToFrozenDictionary(info => info.Kind, StringComparer.Ordinal);

    /// <summary>The error categories that have retry advice of their own without a history.</summary>
    public static IReadOnlyList<string> RetryCategories { get; } = ["network", "server", "rate_limit", "integrity", "disk", "authentication"];

    /// <summary>Finds a kind; <see langword="null"/> for one that is unknown, such as one of a newer portal.</summary>
    public static AdviceKindInfo? Find(string kind) => ByKind.GetValueOrDefault(kind);

    /// <summary>Returns the safe default of a kind, by subject where they differ; <see langword="null"/> when there is none.</summary>
    public static double? DefaultOf(string kind, string? subject = null) => kind switch
    {
        AdviceKinds.RetryDelay when subject is not null && Categories.TryGetValue(subject, out var category) => category.Delay,
        AdviceKinds.RetrySuccess when subject is not null && Categories.TryGetValue(subject, out var category) => category.Success,
        _ => Find(kind)?.Default,
    };

    /// <summary>Brings a value into the safe range of its kind; <see langword="null"/> for one that is not finite. The value of an unknown kind stays as it is.</summary>
    public static double? Bound(string kind, double? value) => value is not { } number || !double.IsFinite(number)
        ? null
        : Find(kind) is { } info ? Math.Clamp(number, info.Min, info.Max) : number;
}
