using PerfPortal.Domain.Alerts;
using PerfPortal.Domain.Alerts.Delivery;
using PerfPortal.Domain.Alerts.Rules;
using PerfPortal.Domain.Findings;
using PerfPortal.Domain.Operations;
using PerfPortal.Domain.Resources;

namespace PerfPortal.Tests.Alerts.Delivery;

/// <summary>Alerts, receivers and messages for tests.</summary>
internal static class Messages
{
    public static readonly DateTimeOffset Start = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

    public static AlertReceiver Receiver(string id = "r1") => new()
    {
        Id = id,
        Name = "On call " + id,
        Kind = ReceiverKind.Webhook,
        Url = new("https://hooks.example.com/alerts"),
        Version = 1,
    };

    public static Alert Alert(string source = "gpu-1", string rule = "High CPU", DateTimeOffset? since = null, AlertSeverity severity = AlertSeverity.Warning)
    {
        var at = since ?? Start;
        var subject = new AlertSubject(source);
        var definition = new AlertRule { Id = rule, Name = rule, Signal = new(AlertSignalKind.Resource, ResourceMetric.CpuPercent), Threshold = 80, Severity = severity };
        return new()
        {
            Id = Domain.Alerts.Alert.IdOf(rule, subject, at),
            RuleId = rule,
            RuleName = rule,
            Subject = subject,
            Severity = severity,
            Labels = AlertLabels.Of(definition, subject),
            Signal = definition.Signal,
            Comparison = AlertComparison.Above,
            Threshold = 80,
            IsAnnounced = true,
            Status = new() { State = AlertState.Firing, PendingSince = at, FiringSince = at, LastBeyond = at, Value = 96.3, Peak = 97.8 },
        };
    }

    public static Alert Resolved(this Alert alert, DateTimeOffset at) => alert with { Status = alert.Status with { State = AlertState.Resolved, ResolvedAt = at } };

    public static Alert Explained(this Alert alert) => alert with
    {
        Note = "https://wiki.example.com/high-cpu",
        Explanation = new()
        {
            Sentence = "It is high.",
            Points = [.. Enumerable.Range(0, 61).Select(i => new AlertPoint(Start.AddMinutes(i - 60), i == 30 ? null : 40 + i))],
            Running = [new(new(Guid.Empty, MetricType.ModelOperation, "llama-3", "gpu-1", OperationStatus.Running, Start, null, null), 0.72)],
            Causes = [new FindingCause("marker", "deploy <1.4.2> & more", Start, 0.9)],
            LastTime = "It last fired 3 d ago.",
        },
    };

    public static AlertMessage Message(params Alert[] alerts) => new()
    {
        Key = "7f8091a2b3c4d5e6f70812233445566a",
        GroupKey = "00112233445566778899aabbccddeeff",
        GroupLabels = new Dictionary<string, string> { ["alertname"] = "High CPU" },
        Alerts = [.. alerts.Select(alert => AlertNotices.Of(alert, new Uri("https://perf.example.com/portal"), Start.AddMinutes(5)))],
        ComposedAt = Start.AddMinutes(5),
    };

    public static OutboxEntry Entry(long id, Alert alert, string receiver = "r1", DateTimeOffset? at = null) =>
        new(id, receiver, alert.Id, at ?? alert.Status.ResolvedAt ?? alert.Status.FiringSince!.Value, alert.State == AlertState.Resolved);
}
