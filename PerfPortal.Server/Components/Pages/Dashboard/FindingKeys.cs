using PerfPortal.Domain.Findings;

namespace PerfPortal.Server.Components.Pages.Dashboard;

/// <summary>What identifies a bottleneck in the address: the same for the same kind and subject tomorrow.</summary>
internal static class FindingKeys
{
    /// <summary>The key of a bottleneck: its kind and a short hash of its subject.</summary>
    public static string Of(Bottleneck bottleneck) =>
        $"{bottleneck.Kind}-{Recommendation.IdOf(bottleneck.Kind, bottleneck.MetricType, bottleneck.OperationName, bottleneck.Source)[..8]}";
}
