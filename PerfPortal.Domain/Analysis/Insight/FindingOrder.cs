using PerfPortal.Domain.Findings;

namespace PerfPortal.Domain.Analysis.Insight;

/// <summary>The order in which findings are listed.</summary>
public static class FindingOrder
{
    /// <summary>Open findings first, those with the largest impact first; then closed ones, the latest end first. A total order.</summary>
    public static IReadOnlyList<Finding> Sort(IEnumerable<Finding> findings) =>
    [
        .. findings.OrderBy(finding => finding.State)
            .ThenByDescending(finding => finding.State == FindingState.Open ? finding.Latest.Severity : default)
            .ThenByDescending(finding => finding.State == FindingState.Open ? finding.Latest.Impact : 0)
            .ThenByDescending(finding => finding.Until ?? DateTimeOffset.MaxValue)
            .ThenByDescending(finding => finding.LastSeen)
            .ThenBy(finding => finding.Id, StringComparer.Ordinal),
    ];
}
