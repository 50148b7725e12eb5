using PerfPortal.Domain.Alerts;
using PerfPortal.Domain.Alerts.Preview;
using PerfPortal.Domain.Alerts.Rules;
using PerfPortal.Domain.Findings;
using PerfPortal.Domain.Operations;
using PerfPortal.Domain.Resources;
using Xunit;
using static PerfPortal.Tests.Alerts.SignalBench;

namespace PerfPortal.Tests.Alerts.Preview;

public sealed class AlertPreviewTests : IDisposable
{
    private static readonly CancellationToken None = TestContext.Current.CancellationToken;

    private readonly SignalBench _bench = new();
    private readonly AlertPreview _preview;

    public AlertPreviewTests() => _preview = new(_bench.History, _bench.Ledger, new FakeAlertStore());

    public void Dispose() => _bench.Dispose();

    [Fact]
    public async Task A_proposal_is_told_with_its_firings_the_incidents_it_caught_and_what_the_present_rule_does()
    {
        // Two days at 30 %, an incident of 40 minutes at 70 %, and another of a host that is fine.
        for (int minute = 0; minute < 2 * 1440; minute++)
        {
            var at = Start.AddDays(-2).AddMinutes(minute);
            _bench.Resources.Add(new ResourceSample("a", at.AddSeconds(30)) { [ResourceMetric.CpuPercent] = minute is >= 600 and < 640 ? 70 : 30 + (minute % 5) }, TimeSpan.FromMinutes(1));
        }

        var caught = MemoryFindings.Of(FindingKind.Anomaly, Start.AddDays(-2).AddMinutes(600), 70, "a", "cpu_percent") with { State = FindingState.Closed, Until = Start.AddDays(-2).AddMinutes(640) };
        var missed = MemoryFindings.Of(FindingKind.Anomaly, Start.AddDays(-1), 70, "b", "cpu_percent") with { State = FindingState.Closed, Until = Start.AddDays(-1).AddHours(1) };
        _bench.Findings.Stored.AddRange([caught, missed, MemoryFindings.Of(FindingKind.Anomaly, Start.AddDays(-1), 70, "a", "memory_percent")]);
        var present = Rule(Cpu, 80, AlertPer.Source) with { Window = TimeSpan.FromMinutes(1) };
        var proposed = present with { Threshold = 60, For = TimeSpan.FromMinutes(5) };
        var result = await _preview.RunAsync(proposed, present, new(Start.AddDays(-2), Start), 0.01, None);

        var firing = Assert.Single(result.Effect.Firings);
        var begin = Start.AddDays(-2).AddMinutes(600);
        Assert.Equal(("a", begin.AddMinutes(6), begin.AddMinutes(41), 70), (firing.Subject.Source!, firing.From, firing.To!.Value, firing.Peak!.Value));
        Assert.Equal((1, 35, TimeSpan.FromMinutes(35), 0), (result.Effect.Count, result.Effect.MinutesFiring, result.Effect.Longest, result.Effect.Flaps));
        Assert.Equal([caught.Id], result.Effect.Caught.Select(finding => finding.Id));
        Assert.Equal([missed.Id], result.Effect.Missed.Select(finding => finding.Id));
        Assert.Equal((0, 2), (result.Present!.Count, result.Present.Missed.Count));
        Assert.Equal(TimeSpan.FromMinutes(1), result.History.Resolution);

        // What was sustained for five minutes in calm never exceeded 30 %; the incident is no calm.
        Assert.Equal((30, 0.0), (result.Suggestion.Threshold, result.Suggestion.RateNow));
    }

    [Fact]
    public void A_suggestion_moves_the_recovery_threshold_and_takes_nothing_that_is_wrong_for_calm()
    {
        var since = Start.AddDays(-2).AddMinutes(2290);
        var rule = Rule(Cpu, 80, AlertPer.Source) with { RecoveryThreshold = 72 };
        Assert.Equal((75, 67.5, " Alerts would resolve at 67.5 %."), Suggest(null, null));

        // A forecast that is open is no calm; one that is over was none of it.
        var forecast = MemoryFindings.Of(FindingKind.Forecast, since, 7200, "a", "cpu_percent");
        Assert.Equal((44, 39.6, " Alerts would resolve at 39.6 %."), Suggest(forecast, null));
        Assert.Equal(75, Suggest(forecast with { State = FindingState.Closed, Until = Start }, null).Threshold);
        Assert.Equal(75, Suggest(MemoryFindings.Of(FindingKind.Forecast, since, 7200, "a", "memory_percent"), null).Threshold);
        Assert.Equal(44, Suggest(MemoryFindings.Of(FindingKind.Anomaly, since, 30, "a", "cpu_percent"), null).Threshold);

        // So with an alert that fires, and with one that somebody took on; others may have been false.
        var subject = new AlertSubject("a");
        var firing = new Alert
        {
            Id = "1",
            RuleId = "other",
            RuleName = "Other",
            Subject = subject,
            Severity = AlertSeverity.Warning,
            Labels = AlertLabels.Of(rule, subject),
            Signal = Cpu,
            Comparison = AlertComparison.Above,
            Threshold = 70,
            Status = new() { State = AlertState.Firing, PendingSince = since, FiringSince = since.AddMinutes(10) },
        };
        var resolved = firing with { Status = firing.Status with { State = AlertState.Resolved, ResolvedAt = Start } };
        Assert.Equal(44, Suggest(null, firing).Threshold);
        Assert.Equal(75, Suggest(null, resolved).Threshold);
        Assert.Equal(44, Suggest(null, resolved with { Acknowledged = new("ann", Start, null) }).Threshold);
        Assert.Equal(75, Suggest(null, firing with { Subject = new("b") }).Threshold);

        // Two days, of which the last ten hours are at 75 %.
        (double? Threshold, double? Recovery, string End) Suggest(Finding? finding, Alert? alert)
        {
            var advice = new ThresholdAdvice(rule, finding is null ? [] : [finding], alert is null ? [] : [alert]);
            for (int minute = 0; minute < 2 * 1440; minute++)
            {
                advice.Step(Start.AddDays(-2).AddMinutes(minute), new(rule, [new(new("a"), minute < 2300 ? 40 + (minute % 5) : 75)], false));
            }

            var suggestion = advice.Suggest(0.001);
            return (suggestion.Threshold, suggestion.Recovery, suggestion.Sentence[suggestion.Sentence.LastIndexOf(" Alerts", StringComparison.Ordinal)..]);
        }
    }

    [Theory]
    [InlineData(AlertComparison.Above, 80, 72.0, 50, 45.0)]
    [InlineData(AlertComparison.Below, 10, 12.0, 5, 6.0)]
    [InlineData(AlertComparison.Above, 80, null, 50, null)]
    [InlineData(AlertComparison.Above, 80, 80.0, 50, 50.0)]
    [InlineData(AlertComparison.Below, 0, 5.0, 3, 8.0)]
    [InlineData(AlertComparison.Below, 80, 99.0, 90, 100.0)]
    public void A_recovery_threshold_moves_with_its_threshold_and_stays_on_the_good_side(AlertComparison comparison, double threshold, double? recovery, double proposed, double? moved) =>
        Assert.Equal(moved, (Rule(Cpu, threshold) with { Comparison = comparison, RecoveryThreshold = recovery }).RecoveryFor(proposed));

    [Fact]
    public async Task An_overdue_operation_is_found_by_its_duration_and_one_in_progress_still_fires()
    {
        _bench.End(Start.AddHours(-2), seconds: 7200, name: "slow");
        _bench.End(Start.AddHours(-3), seconds: 60, name: "fast");
        var rule = Rule(new(AlertSignalKind.RunningFor), 3600, AlertPer.Name);
        var result = await _preview.RunAsync(rule, null, new(Start.AddHours(-6), Start), 0.001, None);
        var firing = Assert.Single(result.Effect.Firings);
        Assert.Equal(("slow", Start.AddHours(-3).AddMinutes(1), Start.AddHours(-2)), (firing.Subject.Name!, firing.From, firing.To!.Value));
        Assert.Null(result.Suggestion.Threshold);
    }

    [Fact]
    public async Task What_is_not_kept_has_no_resolution_and_a_score_a_coarse_one()
    {
        _bench.Scores.Values[""] = 40;
        var portal = await _preview.RunAsync(Rule(new(AlertSignalKind.Portal), 0), null, new(Start.AddDays(-7), Start), 0.001, None);
        Assert.Null(portal.History.Resolution);
        var score = await _preview.RunAsync(Rule(new(AlertSignalKind.Score), 50) with { Comparison = AlertComparison.Below }, null, new(Start.AddDays(-31), Start), 0.001, None);
        Assert.True(score.History.Resolution > TimeSpan.FromHours(7));
        Assert.Null(Assert.Single(score.Effect.Firings).To);
        Assert.InRange(_bench.Scores.Reads, 90, 110);
    }

    [Fact]
    public async Task Silence_of_a_source_is_replayed_from_what_it_reported()
    {
        for (int minute = 0; minute < 600; minute++)
        {
            if (minute is < 200 or > 290)
            {
                _bench.End(Start.AddMinutes(minute - 600), source: "a", status: OperationStatus.Succeeded);
            }
        }

        var result = await _preview.RunAsync(Rule(new(AlertSignalKind.NoData), 1800, AlertPer.Source), null, new(Start.AddHours(-10), Start), 0.001, None);
        var firing = Assert.Single(result.Effect.Firings);
        Assert.Equal((Start.AddMinutes(-400 + 31), Start.AddMinutes(-308)), (firing.From, firing.To!.Value));
    }

    [Fact]
    public async Task A_range_of_more_than_31_days_is_refused() => await Assert.ThrowsAsync<ArgumentException>(() =>
        _preview.RunAsync(Rule(Cpu), null, new(Start.AddDays(-32), Start), 0.001, None));

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void What_is_sustained_is_the_least_extreme_of_the_last_minutes(bool isAbove)
    {
        var random = new Random(4);
        var sustained = new SustainedValues(6, isAbove);
        var values = new List<double>();
        for (int minute = 0; minute < 300; minute++)
        {
            if (minute == 150)
            {
                // A minute without a value begins anew.
                values.Clear();
                continue;
            }

            values.Add(random.Next(50));
            double? expected = values.Count < 7 ? null : isAbove ? values.TakeLast(7).Min() : values.TakeLast(7).Max();
            Assert.Equal(expected, sustained.Add(minute, values[^1]));
        }
    }
}
