using PerfPortal.Domain.Analysis.Recommendations;
using PerfPortal.Domain.Findings;
using PerfPortal.Domain.Operations;

namespace PerfPortal.Domain.Analysis.Incidents;

/// <summary>What findings, bottlenecks and recommendations have to do with: names, hosts, and likely causes.</summary>
public static class IncidentKeys
{
    /// <summary>The weight from which a cause connects findings; lighter ones are guesses.</summary>
    public const double LikelyWeight = 0.5;

    /// <summary>The keys of a finding: its name or names, its host, and its likely causes.</summary>
    public static IReadOnlyList<string> Of(FindingObservation observation)
    {
        ArgumentNullException.ThrowIfNull(observation);
        return
        [
            .. Of(observation.Subject.MetricType, observation.Subject.Name, observation.Subject.Source),
            .. observation.Names.Select(name => CauseKeys.OfName(name.MetricType, name.Name)),
            .. observation.Causes.Where(cause => cause.Key is not null && cause.Weight >= LikelyWeight).Select(cause => cause.Key!),
        ];
    }

    /// <summary>The keys of a bottleneck: its name, and its host where it is about resources.</summary>
    public static IReadOnlyList<string> Of(Bottleneck bottleneck)
    {
        ArgumentNullException.ThrowIfNull(bottleneck);
        return BottleneckKinds.IsResource(bottleneck.Kind)
            ? Of(null, null, bottleneck.Source)
            : Of(bottleneck.MetricType, bottleneck.OperationName, null);
    }

    /// <summary>The keys of a recommendation that tells how to end a problem. An improvement that is worth making anyway belongs to no incident and has none.</summary>
    public static IReadOnlyList<string> Of(Recommendation recommendation)
    {
        ArgumentNullException.ThrowIfNull(recommendation);
        return recommendation.Kind switch
        {
            RecommendationKinds.RecurringFailure or RecommendationKinds.TailLatency => Of(recommendation.MetricType, recommendation.OperationName, null),
            RecommendationKinds.DiskCleanup or RecommendationKinds.MemoryCleanup or RecommendationKinds.GpuMemoryCleanup or RecommendationKinds.CpuLoad => Of(null, null, recommendation.Source),
            _ => [],
        };
    }

    private static IReadOnlyList<string> Of(MetricType? type, string? name, string? source) =>
        type is { } known && name is not null ? [CauseKeys.OfName(known, name)] : source is not null ? [CauseKeys.OfSource(source)] : [];
}
