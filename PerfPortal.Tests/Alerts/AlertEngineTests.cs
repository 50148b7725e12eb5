using Microsoft.Extensions.Time.Testing;
using PerfPortal.Domain.Alerts;
using PerfPortal.Domain.Alerts.Delivery;
using PerfPortal.Domain.Alerts.Muting;
using PerfPortal.Domain.Alerts.Rules;
using PerfPortal.Domain.Alerts.Signals;
using PerfPortal.Domain.Findings;
using PerfPortal.Domain.Resources;
using Xunit;

namespace PerfPortal.Tests.Alerts;

public sealed class AlertEngineTests
{
    private static readonly DateTimeOffset Start = new(2026, 1, 5, 10, 0, 15, TimeSpan.Zero);
    private static readonly string[] Subjects = ["disk", "memory", "chat"];
    private static readonly CancellationToken None = TestContext.Current.CancellationToken;

    private readonly FakeTimeProvider _time = new(Start);
    private readonly FakeAlertSource _source = new();
    private readonly FakeAlertStore _store = new();
    private readonly FakeDeliveryStore _deliveries = new();

    public AlertEngineTests() => _deliveries.Receivers.Add(new() { Id = "r1", Name = "On call", Kind = ReceiverKind.Webhook });

    [Fact]
    public async Task An_alert_waits_for_its_time_fires_once_and_resolves_once()
    {
        using var engine = Make();
        Rule(minutes: 2);
        Set("gpu-1", 95);
        await Minutes(engine, 2);
        var pending = Assert.Single((await engine.ReadAsync(None)).Current);
        Assert.Equal(AlertState.Pending, pending.State);
        Assert.Empty(_store.Outbox);

        await Minutes(engine, 3);
        var firing = Assert.Single((await engine.ReadAsync(None)).Current);
        Assert.Equal((pending.Id, AlertState.Firing, "It is high."), (firing.Id, firing.State, firing.Explanation?.Sentence));
        Assert.Equal(TimeSpan.FromMinutes(2), firing.Status.FiringSince - firing.Status.PendingSince);
        Assert.Equal((firing.Id, false), (Assert.Single(_store.Outbox).AlertId, _store.Outbox[0].IsResolved));

        Set("gpu-1", 20);
        await Minutes(engine, 2);
        var book = await engine.ReadAsync(None);
        Assert.Empty(book.Current);
        Assert.Equal(AlertState.Resolved, Assert.Single(book.Resolved).State);
        Assert.Equal([false, true], _store.Outbox.Select(entry => entry.IsResolved));
        Assert.Equal(
            [AlertState.Pending, AlertState.Firing, AlertState.Resolved],
            _store.Events.Where(happened => happened.Kind == AlertEventKind.State).Select(happened => happened.State));
    }

    [Fact]
    public async Task A_minute_is_evaluated_once()
    {
        using var engine = Make();
        Rule();
        Assert.True(await engine.EvaluateAsync(None));
        _time.Advance(TimeSpan.FromSeconds(20));
        Assert.False(await engine.EvaluateAsync(None));
        _time.Advance(TimeSpan.FromMinutes(1));
        Assert.True(await engine.EvaluateAsync(None));
    }

    [Fact]
    public async Task After_a_restart_a_pending_timer_goes_on_and_nothing_fires_twice()
    {
        Rule(minutes: 10);
        Set("gpu-1", 95);
        using (var engine = Make())
        {
            await Minutes(engine, 4);
        }

        _time.Advance(TimeSpan.FromMinutes(3));
        using (var engine = Make())
        {
            await Minutes(engine, 3);
            Assert.Equal(AlertState.Pending, Assert.Single((await engine.ReadAsync(None)).Current).State);
            await Minutes(engine, 1);
            Assert.Equal(AlertState.Firing, Assert.Single((await engine.ReadAsync(None)).Current).State);
        }

        _time.Advance(TimeSpan.FromMinutes(30));
        using (var engine = Make())
        {
            await Minutes(engine, 2);
            Assert.Equal(AlertState.Firing, Assert.Single((await engine.ReadAsync(None)).Current).State);
        }

        Assert.Single(_store.Outbox);
    }

    [Fact]
    public async Task When_the_store_fails_nothing_changes_and_the_next_evaluation_fires()
    {
        using var engine = Make();
        Rule();
        Set("gpu-1", 95);
        _store.FailNext = new IOException("The disk is full.");
        await Assert.ThrowsAsync<IOException>(() => engine.EvaluateAsync(None));
        Assert.Empty((await engine.ReadAsync(None)).Current);
        Assert.True(await engine.EvaluateAsync(None));
        Assert.Equal(AlertState.Firing, Assert.Single((await engine.ReadAsync(None)).Current).State);
        Assert.Single(_store.Outbox);
    }

    [Fact]
    public async Task A_muted_alert_fires_silently_and_is_told_when_the_silence_ends()
    {
        using var engine = Make();
        Rule();
        Set("gpu-1", 95);
        _store.Silences.Add(new()
        {
            Id = "s1",
            Labels = new Dictionary<string, string> { ["source"] = "gpu-1" },
            StartsAt = Start.AddHours(-1),
            EndsAt = Start.AddMinutes(5),
            Note = "Maintenance",
            CreatedBy = "ann",
            CreatedAt = Start,
        });
        await Minutes(engine, 3);
        Assert.Equal("s1", Assert.Single((await engine.ReadAsync(None)).Current).MutedBy);
        Assert.Empty(_store.Outbox);
        await Minutes(engine, 4);
        Assert.Null(Assert.Single((await engine.ReadAsync(None)).Current).MutedBy);
        Assert.Single(_store.Outbox);
        Assert.Equal([AlertEventKind.Muted, AlertEventKind.Unmuted], _store.Events.Where(happened => happened.Kind != AlertEventKind.State).Select(happened => happened.Kind));
    }

    [Fact]
    public async Task A_silence_that_began_after_the_minute_that_is_evaluated_holds()
    {
        using var engine = Make();
        Rule();
        Set("gpu-1", 20);
        await Minutes(engine, 1);

        // The next minute ends; it is silenced before it has been evaluated.
        Set("gpu-1", 95);
        _time.Advance(TimeSpan.FromSeconds(50));
        _store.Silences.Add(new() { Id = "s1", Labels = new Dictionary<string, string>(), StartsAt = _time.GetUtcNow(), Note = "", CreatedBy = "ann", CreatedAt = _time.GetUtcNow() });
        await engine.ApplySilencesAsync(None);
        _time.Advance(TimeSpan.FromSeconds(10));
        Assert.True(await engine.EvaluateAsync(None));

        var firing = Assert.Single((await engine.ReadAsync(None)).Current);
        Assert.Equal((AlertState.Firing, "s1"), (firing.State, firing.MutedBy));
        Assert.Empty(_store.Outbox);
    }

    [Fact]
    public async Task An_alert_that_was_told_is_not_told_again_when_a_silence_ends()
    {
        using var engine = Make();
        Rule();
        Set("gpu-1", 95);
        await Minutes(engine, 1);
        _store.Silences.Add(new() { Id = "s1", Labels = new Dictionary<string, string>(), StartsAt = Start, EndsAt = Start.AddMinutes(5), Note = "", CreatedBy = "ann", CreatedAt = Start });
        await Minutes(engine, 8);
        Assert.Null(Assert.Single((await engine.ReadAsync(None)).Current).MutedBy);
        Assert.Single(_store.Outbox);
    }

    [Fact]
    public async Task An_alert_that_was_muted_all_along_resolves_without_a_message()
    {
        using var engine = Make();
        Rule();
        Set("gpu-1", 95);
        _store.Silences.Add(new() { Id = "s1", Labels = new Dictionary<string, string>(), StartsAt = Start.AddHours(-1), Note = "", CreatedBy = "ann", CreatedAt = Start });
        await Minutes(engine, 2);
        Set("gpu-1", 1);
        await Minutes(engine, 2);
        Assert.Single((await engine.ReadAsync(None)).Resolved);
        Assert.Empty(_store.Outbox);
    }

    [Fact]
    public async Task A_rule_that_is_switched_off_ends_its_alerts_and_says_so()
    {
        using var engine = Make();
        Rule();
        Set("gpu-1", 95);
        await Minutes(engine, 1);
        _source.Rules[0] = _source.Rules[0] with { IsEnabled = false };
        await Minutes(engine, 1);
        Assert.Empty((await engine.ReadAsync(None)).Current);
        Assert.Contains("switched off", _store.Events[^1].Text, StringComparison.Ordinal);
        Assert.Equal(
            "CPU of gpu-1 is no longer watched: the rule was removed or switched off. It was above 80 % for 1 min, and may still be.",
            AlertWords.Sentence((await engine.ReadAsync(None)).Resolved[0], _time.GetUtcNow()));
        Assert.Equal([false, true], _store.Outbox.Select(entry => entry.IsResolved));
    }

    [Fact]
    public async Task A_removed_source_ends_its_alerts()
    {
        using var engine = Make();
        Rule();
        Set("gpu-1", 95);
        await Minutes(engine, 1);
        _source.Values.Clear();
        engine.OnSourceRemoved("gpu-1");
        await Minutes(engine, 1);
        Assert.Equal("The source was removed.", _store.Events[^1].Text);
        Assert.Empty((await engine.ReadAsync(None)).Current);
    }

    [Fact]
    public async Task A_subject_that_is_absent_has_no_data_unless_absence_means_that_it_is_over()
    {
        using var engine = Make();
        Rule();
        Set("gpu-1", 95);
        await Minutes(engine, 1);
        _source.Values.Clear();
        await Minutes(engine, 12);
        Assert.Equal(AlertState.NoData, Assert.Single((await engine.ReadAsync(None)).Current).State);
        _source.IsAbsentOver = true;
        await Minutes(engine, 1);
        Assert.Empty((await engine.ReadAsync(None)).Current);
    }

    [Fact]
    public async Task An_acknowledgement_is_kept_with_who_and_why_and_survives_a_restart()
    {
        Rule();
        Set("gpu-1", 95);
        using (var engine = Make())
        {
            await Minutes(engine, 1);
            string id = (await engine.ReadAsync(None)).Current[0].Id;
            Assert.NotNull(await engine.AcknowledgeAsync(id, "ann", "On it", None));
            Assert.Null(await engine.AcknowledgeAsync("unknown", "ann", null, None));
            await Minutes(engine, 1);
        }

        using var restarted = Make();
        var alert = Assert.Single((await restarted.ReadAsync(None)).Current);
        Assert.Equal(("ann", "On it"), (alert.Acknowledged?.By, alert.Acknowledged?.Note));
        Assert.Empty((await restarted.ReadAsync(None)).Unattended);
        Assert.Contains(_store.Events, happened => happened is { Kind: AlertEventKind.Acknowledged, By: "ann", Text: "Acknowledged: On it" });
        Assert.Null((await restarted.WithdrawAsync(alert.Id, "bob", None))?.Acknowledged);
    }

    [Fact]
    public async Task An_alert_that_cannot_be_explained_fires_all_the_same()
    {
        using var engine = Make();
        Rule();
        Set("gpu-1", 95);
        _source.ExplainFails = new InvalidOperationException("No.");
        await Minutes(engine, 1);
        var alert = Assert.Single((await engine.ReadAsync(None)).Current);
        Assert.Equal((AlertState.Firing, null), (alert.State, alert.Explanation));
    }

    [Fact]
    public async Task A_clock_that_steps_back_by_an_hour_does_not_stop_the_evaluation()
    {
        using var engine = Make();
        Rule(minutes: 2);
        Set("gpu-1", 95);
        await Minutes(engine, 1);
        _time.AdjustTime(_time.GetUtcNow().AddHours(-1));
        Assert.True(await engine.EvaluateAsync(None));
        await Minutes(engine, 2);
        Assert.Equal(AlertState.Firing, Assert.Single((await engine.ReadAsync(None)).Current).State);
    }

    [Fact]
    public async Task A_receiver_is_told_only_what_its_routes_select()
    {
        _deliveries.Receivers.Add(new() { Id = "r2", Name = "Pager", Kind = ReceiverKind.Webhook, Routes = [new(AlertSeverity.Critical, null, new Dictionary<string, string>())] });
        _deliveries.Receivers.Add(new() { Id = "r3", Name = "Off", Kind = ReceiverKind.Webhook, IsEnabled = false });
        using var engine = Make();
        Rule();
        Set("gpu-1", 95);
        await Minutes(engine, 1);
        Assert.Equal("r1", Assert.Single(_store.Outbox).ReceiverId);
    }

    [Fact]
    public async Task Alerts_about_findings_have_the_sentence_unit_and_severity_of_their_finding_from_the_beginning()
    {
        using var engine = Make();
        _source.IsAbsentOver = true;
        _source.Explanation = new() { Sentence = "Explained." };
        _source.Rules.Add(new()
        {
            Id = "forecast",
            Name = "Full within a day",
            Signal = new(AlertSignalKind.Finding, FindingKind: FindingKind.Forecast),
            Comparison = AlertComparison.Below,
            Threshold = 24,
            RecoveryThreshold = 36,
            For = TimeSpan.FromMinutes(2),
            UsesFindingSeverity = true,
        });
        _source.Rules.Add(new() { Id = "regression", Name = "Regression", Signal = new(AlertSignalKind.Finding, FindingKind: FindingKind.Regression), Threshold = 0, For = TimeSpan.FromMinutes(2) });
        Say("forecast", "disk", 5.2, new("The free disk space of loader-host will be used up in 5 h.", "h", AlertSeverity.Critical));
        Say("forecast", "memory", 20, new("The memory of loader-host will be full in 20 h.", "h", AlertSeverity.Warning));
        Say("regression", "chat", 0.062, new("Chat is slower: the median grew by 6.2 %.", "ratio", AlertSeverity.Critical));
        await Minutes(engine, 1);
        var pending = (await engine.ReadAsync(None)).Current.ToDictionary(alert => alert.Subject.Source!);
        Assert.All(pending.Values, alert => Assert.Equal(AlertState.Pending, alert.State));
        Assert.Equal(
            ["The free disk space of loader-host will be used up in 5 h.", "The memory of loader-host will be full in 20 h.", "Chat is slower: the median grew by 6.2 %."],
            Subjects.Select(source => AlertWords.Sentence(pending[source], _time.GetUtcNow())));
        Assert.Equal(("5 h 12 m", "below 1 d"), (AlertWords.ValueOf(pending["disk"], pending["disk"].Status.Value), AlertWords.ThresholdOf(pending["disk"])));
        Assert.Equal(("6.2 %", "any"), (AlertWords.ValueOf(pending["chat"], pending["chat"].Status.Value), AlertWords.ThresholdOf(pending["chat"])));

        // The rule about regressions has a severity of its own; the other one says what the dashboard says.
        Assert.Equal((AlertSeverity.Critical, AlertSeverity.Warning, AlertSeverity.Warning), (pending["disk"].Severity, pending["memory"].Severity, pending["chat"].Severity));
        Assert.Equal(("critical", "warning"), (pending["disk"].Labels["severity"], pending["memory"].Labels["severity"]));

        Say("forecast", "disk", 4.9, new("The free disk space of loader-host will be used up in 4.9 h.", "h", AlertSeverity.Critical));
        await Minutes(engine, 3);
        var firing = (await engine.ReadAsync(None)).Current.Single(alert => alert.Subject.Source == "disk");
        Assert.Equal((AlertState.Firing, "The free disk space of loader-host will be used up in 4.9 h.", "Explained."), (firing.State, AlertWords.Sentence(firing, _time.GetUtcNow()), firing.Explanation!.Sentence));

        _source.Values.Clear();
        await Minutes(engine, 1);
        var resolved = (await engine.ReadAsync(None)).Resolved.Single(alert => alert.Subject.Source == "disk");
        Assert.Equal("Over after 2 min: The free disk space of loader-host will be used up in 4.9 h.", AlertWords.Sentence(resolved, _time.GetUtcNow()));

        void Say(string rule, string source, double value, SubjectProblem problem) => (_source.Values[(rule, source)], _source.Problems[(rule, source)]) = (value, problem);
    }

    [Fact]
    public async Task What_is_over_because_it_is_absent_has_no_value()
    {
        using var engine = Make();
        Rule();
        _source.IsAbsentOver = true;
        _source.Rules[0] = _source.Rules[0] with { KeepFiringFor = TimeSpan.FromMinutes(2) };
        Set("gpu-1", 95);
        await Minutes(engine, 1);
        _source.Values.Clear();
        await Minutes(engine, 1);
        var held = Assert.Single((await engine.ReadAsync(None)).Current);
        Assert.Equal((AlertState.Firing, null, 95), (held.State, held.Status.Value, held.Status.Peak));
        Assert.Equal("CPU of gpu-1 was above 80 %; what it was about is over, and the alert goes on until it has stayed so.", AlertWords.Sentence(held, _time.GetUtcNow()));
        await Minutes(engine, 2);
        var resolved = Assert.Single((await engine.ReadAsync(None)).Resolved);
        Assert.Null(resolved.Status.Value);
        Assert.Equal("CPU of gpu-1 was above 80 % for 2 min; the furthest value was 95 %.", AlertWords.Sentence(resolved, _time.GetUtcNow()));
    }

    [Fact]
    public async Task After_a_restart_a_pending_alert_says_for_how_long_nobody_looked()
    {
        using var engine = Make();
        Rule(minutes: 10);
        Set("gpu-1", 95);
        await Minutes(engine, 2);
        _time.Advance(TimeSpan.FromMinutes(5));
        using var restarted = Make();
        await Minutes(restarted, 1);
        var pending = Assert.Single((await restarted.ReadAsync(None)).Current);
        Assert.Equal(AlertState.Pending, pending.State);
        Assert.EndsWith("(7 min, 6 min of it without an evaluation).", AlertWords.Sentence(pending, _time.GetUtcNow()), StringComparison.Ordinal);
        await Minutes(restarted, 4);
        Assert.Equal("Condition met for 10 min, 6 min of it without an evaluation.", _store.Events.Single(happened => happened.State == AlertState.Firing).Text);
    }

    private AlertEngine Make() => new(_store, _deliveries, _source, _time);

    private void Rule(int minutes = 0) => _source.Rules.Add(new()
    {
        Id = "high-cpu",
        Name = "High CPU",
        Signal = new(AlertSignalKind.Resource, ResourceMetric.CpuPercent),
        Per = AlertPer.Source,
        Threshold = 80,
        For = TimeSpan.FromMinutes(minutes),
    });

    private void Set(string source, double? value) => _source.Values[("high-cpu", source)] = value;

    private async Task Minutes(AlertEngine engine, int count)
    {
        for (int i = 0; i < count; i++)
        {
            _time.Advance(TimeSpan.FromMinutes(1));
            await engine.EvaluateAsync(None);
        }
    }
}
