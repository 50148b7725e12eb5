using PerfPortal.Domain.Alerts;
using PerfPortal.Domain.Alerts.Delivery;
using PerfPortal.Domain.Alerts.Muting;
using PerfPortal.Domain.Alerts.Rules;
using PerfPortal.Domain.Findings;
using PerfPortal.Domain.Operations;
using PerfPortal.Domain.Resources;
using PerfPortal.Server.Storage;
using Xunit;

namespace PerfPortal.Tests.Contract;

public abstract partial class StoreContract
{
    private static readonly AlertRule HighCpu = new()
    {
        Id = "rule-1",
        Name = "High CPU",
        Signal = new(AlertSignalKind.Resource, ResourceMetric.CpuPercent),
        Scope = new("gpu-1", MetricType.ModelOperation, "llama"),
        Per = AlertPer.Source,
        Threshold = 80.5,
        RecoveryThreshold = 70,
        Window = TimeSpan.FromMinutes(10),
        For = TimeSpan.FromMinutes(5),
        KeepFiringFor = TimeSpan.FromMinutes(2),
        MinOperations = 3,
        Severity = AlertSeverity.Critical,
        Labels = new Dictionary<string, string> { ["team"] = "ml" },
        Note = "https://wiki.example/cpu",
    };

    private EfAlertStore Alerts => new EfAlertStore(Database);

    private EfDeliveryStore Deliveries => new EfDeliveryStore(Database);

    [Fact]
    public async Task A_rule_is_kept_whole_and_a_lost_race_changes_nothing()
    {
        Assert.True(await Alerts.SaveRuleAsync(HighCpu, 0, Token));
        var stored = Assert.Single(await Alerts.ReadRulesAsync(Token));
        Assert.Equivalent(HighCpu with { Version = 1 }, stored, strict: true);
        Assert.False(await Alerts.SaveRuleAsync(HighCpu with { Name = "Other" }, 0, Token));
        Assert.True(await Alerts.SaveRuleAsync(HighCpu with { Name = "Newer" }, 1, Token));
        Assert.Equal(("Newer", 2L), (await Alerts.ReadRulesAsync(Token)).Select(rule => (rule.Name, rule.Version)).Single());
        Assert.True(await Alerts.DeleteRuleAsync("rule-1", Token));
        Assert.False(await Alerts.DeleteRuleAsync("rule-1", Token));
    }

    [Fact]
    public async Task An_alert_is_kept_whole_with_its_history_and_what_must_be_told()
    {
        var alert = Firing("gpu-1", Noon);
        await Alerts.CommitAsync(
            new()
            {
                Alerts = [alert],
                Events = [new(alert.Id, Noon, AlertEventKind.State, AlertState.Firing, "The condition holds."), new(alert.Id, Noon, AlertEventKind.Acknowledged, AlertState.Firing, "Mine", "ann")],
                Outbox = [new(0, "r1", alert.Id, Noon, false)],
                Evaluated = Noon,
            },
            Token);
        Assert.Equivalent(alert, Assert.Single(await Alerts.ReadCurrentAsync(Noon.AddDays(1), Token)), strict: true);
        Assert.Equivalent(alert, await Alerts.FindAsync(alert.Id, Token), strict: true);
        Assert.Equal(Noon, await Alerts.ReadEvaluatedAsync(Token));
        Assert.Equal([null, "ann"], (await Alerts.ReadEventsAsync(alert.Id, Token)).Select(happened => happened.By));
        var told = Assert.Single(await Deliveries.ReadOutboxAsync(10, Token));
        Assert.Equal(("r1", alert.Id, Noon, false), (told.ReceiverId, told.AlertId, told.At, told.IsResolved));
    }

    [Fact]
    public async Task Resolved_alerts_leave_the_current_ones_remain_in_history_and_are_purged()
    {
        var old = Resolved("gpu-1", Noon.AddDays(-10));
        var recent = Resolved("gpu-2", Noon.AddHours(-1));
        await Alerts.CommitAsync(new() { Alerts = [old, recent, Firing("gpu-3", Noon)], Events = [new(old.Id, Noon.AddDays(-10), AlertEventKind.State, AlertState.Resolved, "Over.")] }, Token);
        Assert.Equal(["gpu-2", "gpu-3"], (await Alerts.ReadCurrentAsync(Noon.AddHours(-2), Token)).Select(alert => alert.Subject.Source!).Order());
        Assert.Equal(["gpu-3", "gpu-2"], (await Alerts.ReadHistoryAsync(new(Noon.AddDays(-1), Noon.AddDays(1), null, 10), Token)).Select(alert => alert.Subject.Source));
        Assert.Empty(await Alerts.ReadHistoryAsync(new(Noon.AddDays(-1), Noon.AddDays(1), "another", 10), Token));
        await Alerts.PurgeAsync(Noon.AddDays(-5), Token);
        Assert.Null(await Alerts.FindAsync(old.Id, Token));
        Assert.Empty(await Alerts.ReadEventsAsync(old.Id, Token));
        Assert.NotNull(await Alerts.FindAsync(recent.Id, Token));
    }

    [Fact]
    public async Task A_pending_alert_that_never_fired_is_deleted()
    {
        var alert = Firing("gpu-1", Noon) with { Status = new() { State = AlertState.Pending, PendingSince = Noon } };
        await Alerts.CommitAsync(new() { Alerts = [alert] }, Token);
        await Alerts.CommitAsync(new() { RemovedIds = [alert.Id, "unknown"] }, Token);
        Assert.Empty(await Alerts.ReadCurrentAsync(Noon, Token));
    }

    [Fact]
    public async Task The_last_delivered_and_the_last_given_up_message_of_every_receiver_are_found()
    {
        AlertDelivery Sent(string receiver, int minute, DeliveryState state) => new()
        {
            ReceiverId = receiver,
            Message = new() { Key = $"{receiver}-{minute}", GroupKey = "g", GroupLabels = new Dictionary<string, string>(), Alerts = [], ComposedAt = Noon.AddMinutes(minute) },
            State = state,
            Attempts = 2,
            Outcome = DeliveryOutcome.Unavailable,
            FirstFailedAt = Noon.AddMinutes(minute),
            LastAttemptAt = Noon.AddMinutes(minute + 1),
            FinishedAt = state == DeliveryState.Waiting ? null : Noon.AddMinutes(minute + 1),
        };

        // Two receivers finished at the same time.
        AlertDelivery[] sent =
        [
            Sent("r1", 0, DeliveryState.Delivered), Sent("r1", 5, DeliveryState.Delivered), Sent("r1", 6, DeliveryState.GivenUp), Sent("r2", 5, DeliveryState.Delivered), Sent("r2", 9, DeliveryState.Waiting),
        ];
        foreach (var message in sent)
        {
            await Deliveries.ComposeAsync(message, [], Token);
        }

        var found = await Deliveries.ReadLastFinishedAsync(Token);
        Assert.Equal(["r1-5", "r1-6", "r2-5"], found.Select(message => message.Message.Key).Order());
        Assert.Equivalent(sent[2], found.Single(message => message.State == DeliveryState.GivenUp), strict: true);
    }

    [Fact]
    public async Task Silences_are_kept_with_their_schedule_until_they_have_ended()
    {
        var once = new Silence { Id = "s1", Labels = new Dictionary<string, string> { ["source"] = "gpu-1" }, StartsAt = Noon, EndsAt = Noon.AddHours(1), Note = "Disk swap", CreatedBy = "ann", CreatedAt = Noon };
        var nights = once with { Id = "s2", EndsAt = null, Schedule = new([DayOfWeek.Saturday], new(22, 0), new(6, 0), "Europe/Berlin") };
        await Alerts.SaveSilenceAsync(once, Token);
        await Alerts.SaveSilenceAsync(nights, Token);
        Assert.Equivalent(new[] { once, nights }, await Alerts.ReadSilencesAsync(Noon, Token), strict: true);
        Assert.Equal("s2", Assert.Single(await Alerts.ReadSilencesAsync(Noon.AddHours(1), Token)).Id);
        Assert.True(await Alerts.DeleteSilenceAsync("s2", Token));
        Assert.False(await Alerts.DeleteSilenceAsync("s2", Token));
    }

    private static Alert Firing(string source, DateTimeOffset since)
    {
        var subject = new AlertSubject(source, MetricType.ModelOperation, "llama");
        return new()
        {
            Id = Alert.IdOf(HighCpu.Id, subject, since),
            RuleId = HighCpu.Id,
            RuleName = HighCpu.Name,
            Subject = subject,
            Severity = HighCpu.Severity,
            Labels = AlertLabels.Of(HighCpu, subject),
            Signal = HighCpu.Signal,
            Comparison = HighCpu.Comparison,
            Threshold = HighCpu.Threshold,
            Note = HighCpu.Note,
            Status = new() { State = AlertState.Firing, PendingSince = since, FiringSince = since, LastBeyond = since, Value = 91.25, Peak = 97, Firings = [since] },
            Explanation = new()
            {
                Sentence = "CPU of gpu-1 is 91.3 %.",
                Points = [new(since.AddMinutes(-1), null), new(since, 91.25)],
                Running = [new(new(Guid.NewGuid(), MetricType.ModelOperation, "llama", source, OperationStatus.Running, since, null, null), 0.5)],
                Causes = [new("marker", "deploy 1.4.2 was reported as a marker.", since, 0.9)],
                LastTime = "It last fired 3 d 02 h ago.",
                LastAlertId = "00112233445566778899aabbccddeeff",
            },
            Acknowledged = new("ann", since, "Mine"),
            MutedBy = "s1",
            IsAnnounced = true,
        };
    }

    private static Alert Resolved(string source, DateTimeOffset at)
    {
        var alert = Firing(source, at.AddMinutes(-10));
        return alert with { Status = alert.Status with { State = AlertState.Resolved, ResolvedAt = at } };
    }
}
