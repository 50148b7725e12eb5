using PerfPortal.Domain.Alerts;
using PerfPortal.Domain.Alerts.Preview;
using PerfPortal.Domain.Alerts.Rules;
using Xunit;

namespace PerfPortal.Tests.Alerts.Preview;

public sealed class AlertNoiseTests
{
    private static readonly DateTimeOffset Now = new(2026, 3, 10, 12, 0, 0, TimeSpan.Zero);
    private static readonly AlertRule Rule = SignalBench.Rule(SignalBench.Cpu, 50, AlertPer.Source) with { For = TimeSpan.FromMinutes(2) };

    [Fact]
    public void Many_short_alerts_that_nobody_took_on_ask_for_a_longer_wait()
    {
        var alerts = Enumerable.Range(0, 20).Select(i => Fired(i, minutes: i < 17 ? 4 : 60, peak: 99)).ToList();
        var report = AlertNoise.Of(Rule, alerts, Now);
        Assert.Equal((20, 0, 248), (report.Fired, report.Acknowledged, report.Minutes));
        Assert.Equal(("for", 360, 0), (report.Proposal!.Kind, report.Proposal.Value, report.Proposal.Avoided));
    }

    [Fact]
    public void Alerts_that_stay_close_to_the_threshold_ask_for_another_one()
    {
        var alerts = Enumerable.Range(0, 20).Select(i => Fired(i, minutes: 90, peak: i < 17 ? 55.5 : 90)).ToList();
        var report = AlertNoise.Of(Rule, alerts, Now);
        Assert.Equal(("threshold", 56, 17), (report.Proposal!.Kind, report.Proposal.Value, report.Proposal.Avoided));
        Assert.Contains("17 of 20 would not have fired", report.Sentence);
    }

    [Fact]
    public void A_rule_that_fires_most_of_the_time_should_go()
    {
        var alerts = Enumerable.Range(0, 20).Select(i => Fired(i, minutes: 25 * 60, peak: 99)).ToList();
        Assert.Equal("remove", AlertNoise.Of(Rule, alerts, Now).Proposal!.Kind);
    }

    [Theory]
    [InlineData(9, 0)]
    [InlineData(20, 1)]
    public void Nothing_is_proposed_for_a_few_alerts_or_when_somebody_took_one_on(int count, int acknowledged)
    {
        var alerts = Enumerable.Range(0, count).Select(i => Fired(i, 4, 99) with { Acknowledged = i < acknowledged ? new("ann", Now, null) : null }).ToList();
        Assert.Null(AlertNoise.Of(Rule, alerts, Now).Proposal);
    }

    [Fact]
    public void Without_alerts_there_is_nothing_to_say() => Assert.Equal((0, null, null), (AlertNoise.Of(Rule, [], Now).Fired, AlertNoise.Of(Rule, [], Now).MedianMinutes, AlertNoise.Of(Rule, [], Now).Proposal));

    private static Alert Fired(int number, double minutes, double peak)
    {
        var from = Now.AddDays(-29).AddHours(number * 26);
        return new()
        {
            Id = $"{number:x32}",
            RuleId = Rule.Id,
            RuleName = Rule.Name,
            Subject = new("gpu-1"),
            Severity = AlertSeverity.Warning,
            Labels = new Dictionary<string, string>(),
            Signal = Rule.Signal,
            Comparison = AlertComparison.Above,
            Threshold = 50,
            Status = new() { State = AlertState.Resolved, PendingSince = from, FiringSince = from, ResolvedAt = from.AddMinutes(minutes), Peak = peak },
        };
    }
}
