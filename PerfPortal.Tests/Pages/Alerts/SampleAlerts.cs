using PerfPortal.Domain.Alerts;
using PerfPortal.Domain.Alerts.Rules;
using PerfPortal.Domain.Resources;

namespace PerfPortal.Tests.Pages.Alerts;

/// <summary>Alerts for tests.</summary>
internal static class SampleAlerts
{
    /// <summary>An alert about the CPU of a source that began to fire a minute ago.</summary>
    public static Alert Firing(DateTimeOffset now, string source = "gpu-1", AlertSeverity severity = AlertSeverity.Warning) => new()
    {
        Id = "alert-" + source,
        RuleId = "cpu",
        RuleName = "High CPU",
        Subject = new(source),
        Severity = severity,
        Labels = new Dictionary<string, string> { [AlertLabels.AlertName] = "High CPU", [AlertLabels.Source] = source },
        Signal = new(AlertSignalKind.Resource, ResourceMetric.CpuPercent),
        Comparison = AlertComparison.Above,
        Threshold = 80,
        Status = new() { State = AlertState.Firing, PendingSince = now.AddMinutes(-2), FiringSince = now.AddMinutes(-1), Value = 96.5, Peak = 97 },
    };

    /// <summary>The alert after it resolved.</summary>
    public static Alert Resolved(Alert alert, DateTimeOffset at) => alert with { Status = alert.Status with { State = AlertState.Resolved, ResolvedAt = at } };
}
