using PerfPortal.Domain.Alerts;
using PerfPortal.Domain.Alerts.Rules;
using PerfPortal.Domain.Alerts.Signals;
using PerfPortal.Domain.Findings;
using PerfPortal.Domain.Operations;
using PerfPortal.Domain.Resources;
using Xunit;
using static PerfPortal.Tests.Alerts.SignalBench;

namespace PerfPortal.Tests.Alerts.Signals;

public sealed class SignalReaderTests : IDisposable
{
    private static readonly int[] Windows = [1, 7, 30];

    private readonly SignalBench _bench = new();

    public void Dispose() => _bench.Dispose();

    [Fact]
    public async Task A_resource_is_the_mean_over_the_window_weighted_by_time()
    {
        _bench.Sample("a", Start.AddSeconds(10), 100, seconds: 10);
        _bench.Sample("a", Start.AddSeconds(40), 40, seconds: 30);
        _bench.Sample("a", Start.AddMinutes(-6), 0);
        _bench.Sample("b", Start.AddSeconds(30), 20, seconds: 60);
        var each = await _bench.ReadAsync(Rule(Cpu, per: AlertPer.Source), Start.AddMinutes(1));
        Assert.Equal([("a", 55.0), ("b", 20.0)], each.Values.Select(value => (value.Subject.Source!, value.Value!.Value)));
        Assert.False(each.IsAbsentOver);

        var all = await _bench.ReadAsync(Rule(Cpu), Start.AddMinutes(1));
        Assert.Equal(((100 * 10) + (40 * 30) + (20 * 60)) / 100.0, Assert.Single(all.Values).Value);
        Assert.Null(Assert.Single((await _bench.ReadAsync(Rule(Cpu) with { Scope = new("unknown") }, Start.AddMinutes(1))).Values).Value);
    }

    [Fact]
    public async Task What_is_held_of_a_host_equals_what_is_stored_also_after_late_samples_and_a_clock_that_was_set_back()
    {
        var random = new Random(5);
        var rules = Windows.Select(minutes => Rule(Cpu, per: AlertPer.Source) with { Id = $"r{minutes}", Window = TimeSpan.FromMinutes(minutes) }).ToList();
        for (int step = 1; step < 90; step++)
        {
            var at = Start.AddMinutes(step is > 60 and < 65 ? step - 20 : step);
            if (random.Next(4) > 0)
            {
                _bench.Sample("a", at.AddSeconds(-random.Next(1, 60)), random.Next(100));
            }

            if (random.Next(8) == 0)
            {
                _bench.Sample("a", at.AddMinutes(-random.Next(40)), random.Next(100));
            }

            var held = await _bench.Reader.ReadAsync(rules, at, TestContext.Current.CancellationToken);
            using var fresh = _bench.Another(new(_bench.Time));
            var stored = await fresh.ReadAsync(rules, at, TestContext.Current.CancellationToken);
            Assert.Equal(stored.Select(ValueOf), held.Select(ValueOf));
        }
    }

    private static double? ValueOf(RuleObservation observation) => observation.Values.Count == 0 ? null : observation.Values[0].Value;

    [Fact]
    public async Task A_minute_of_a_host_is_read_once()
    {
        var rule = Rule(Cpu, per: AlertPer.Source) with { Window = TimeSpan.FromHours(24) };
        for (int minute = 1; minute <= 60; minute++)
        {
            _bench.Sample("a", Start.AddMinutes(minute).AddSeconds(-1), 50);
            await _bench.ReadAsync(rule, Start.AddMinutes(minute));
        }

        Assert.InRange(_bench.MinutesAsked, 1440 + 59, 1440 + (59 * 2));
    }

    [Fact]
    public async Task The_failure_rate_counts_what_finished_and_says_nothing_about_too_few()
    {
        for (int i = 0; i < 10; i++)
        {
            _bench.End(Start.AddSeconds(i), status: i < 3 ? OperationStatus.Failed : OperationStatus.Succeeded);
        }

        _bench.End(Start.AddSeconds(11), status: OperationStatus.Cancelled);
        _bench.End(Start.AddSeconds(12), name: "rare", status: OperationStatus.Failed);
        _bench.End(Start.AddMinutes(-10), status: OperationStatus.Failed);
        var rule = Rule(new(AlertSignalKind.FailureRate), per: AlertPer.Name) with { MinOperations = 5 };
        var values = (await _bench.ReadAsync(rule, Start.AddMinutes(1))).Values.OrderBy(value => value.Subject.Name).ToList();
        Assert.Equal([("generate", (double?)0.3, 10L), ("rare", null, 1L)], values.Select(value => (value.Subject.Name!, value.Value, value.Operations)));
        Assert.Equal(MetricType.ModelOperation, values[0].Subject.MetricType);
    }

    [Fact]
    public async Task The_portal_is_left_out_unless_a_rule_names_it()
    {
        _bench.End(Start.AddSeconds(1), source: PortalSource.Name, status: OperationStatus.Failed);
        _bench.End(Start.AddSeconds(2));
        var rule = Rule(new(AlertSignalKind.FailureRate));
        Assert.Equal(0, Assert.Single((await _bench.ReadAsync(rule, Start.AddMinutes(1))).Values).Value);
        Assert.Equal(1, Assert.Single((await _bench.ReadAsync(rule with { Scope = new(PortalSource.Name) }, Start.AddMinutes(1))).Values).Value);
    }

    [Theory]
    [InlineData(AlertPer.Source, "s0,s1,s2")]
    [InlineData(AlertPer.MetricType, "health_check,model_operation")]
    [InlineData(AlertPer.Name, "n0,n1")]
    [InlineData(AlertPer.All, "")]
    public async Task A_duration_is_a_quantile_of_each_part_over_any_window(AlertPer per, string parts)
    {
        var random = new Random(3);
        for (int i = 0; i < 600; i++)
        {
            _bench.End(
                Start.AddSeconds(-random.Next(4 * 3600)), random.Next(1, 1000) / 10.0, $"n{i % 2}", $"s{i % 3}", type: i % 5 == 0 ? MetricType.HealthCheck : MetricType.ModelOperation);
        }

        foreach (int minutes in new[] { 1, 13, 75, 185 })
        {
            var rule = Rule(new(AlertSignalKind.Duration, Quantile: 0.9), per: per) with { Window = TimeSpan.FromMinutes(minutes), Scope = new(Name: per == AlertPer.Name ? null : "n1") };
            var at = Start.AddMinutes(-7);
            var within = _bench.Operations.Ended.Where(operation => operation.EndTime < at && operation.EndTime >= at.AddMinutes(-minutes) && (per == AlertPer.Name || operation.Name == "n1")).ToList();
            string? KeyOf(Operation operation) => per switch
            {
                AlertPer.Source => operation.Source,
                AlertPer.MetricType => operation.MetricType.WireName(),
                AlertPer.Name => operation.Name,
                _ => "",
            };
            foreach (var value in (await _bench.ReadAsync(rule, at)).Values.Where(value => value.Value is not null))
            {
                var subject = value.Subject;
                string key = per switch { AlertPer.Source => subject.Source!, AlertPer.MetricType => subject.MetricType!.Value.WireName(), AlertPer.Name => subject.Name!, _ => "" };
                double[] sorted = [.. within.Where(operation => KeyOf(operation) == key && (per != AlertPer.Name || operation.MetricType == subject.MetricType)).Select(operation => operation.Duration!.Value.TotalSeconds).Order()];
                Assert.Equal(sorted.Length, value.Operations);
                double exact = sorted[(int)Math.Ceiling(0.9 * sorted.Length) - 1];
                Assert.InRange(value.Value!.Value, exact * 0.989, exact * 1.011);
                Assert.Contains(key, parts.Split(','));
            }
        }
    }

    [Fact]
    public async Task Throughput_of_a_known_subject_falls_to_zero_but_is_unknown_until_the_portal_has_run_for_the_window()
    {
        _bench.End(Start.AddHours(-3), source: "old");
        for (int i = 0; i < 6; i++)
        {
            _bench.End(Start.AddMinutes(5).AddSeconds(i), source: "busy");
        }

        var rule = Rule(new(AlertSignalKind.Throughput), per: AlertPer.Source) with { Window = TimeSpan.FromMinutes(10), Comparison = AlertComparison.Below };
        Assert.All((await _bench.ReadAsync(rule, Start.AddMinutes(9))).Values, value => Assert.Null(value.Value));
        var values = (await _bench.ReadAsync(rule, Start.AddMinutes(10))).Values.OrderBy(value => value.Subject.Source);
        Assert.Equal([("busy", (double?)36), ("old", 0)], values.Select(value => (value.Subject.Source!, value.Value)));
    }

    [Fact]
    public async Task A_count_of_abandoned_operations_ends_with_the_window()
    {
        _bench.End(Start.AddSeconds(5), status: OperationStatus.Abandoned);
        var rule = Rule(new(AlertSignalKind.Abandoned), 0, AlertPer.Name);
        Assert.Equal(1, Assert.Single((await _bench.ReadAsync(rule, Start.AddMinutes(1))).Values).Value);
        var later = await _bench.ReadAsync(rule, Start.AddMinutes(7));
        Assert.True(later.IsAbsentOver);
        Assert.Empty(later.Values);
    }

    [Fact]
    public async Task Silence_counts_from_the_last_report_of_any_kind_and_not_from_the_mark_as_abandoned()
    {
        var rule = Rule(new(AlertSignalKind.NoData), 300, AlertPer.Source);
        _bench.End(Start, source: "a");
        _bench.Sample("b", Start, 1);
        _bench.Time.SetUtcNow(Start.AddMinutes(4));
        _bench.Sample("b", Start.AddMinutes(4), 1);
        _bench.End(Start.AddMinutes(4), source: "a", status: OperationStatus.Abandoned);
        var values = (await _bench.ReadAsync(rule, Start.AddMinutes(6))).Values;
        Assert.Equal([("a", (double?)360), ("b", 120)], values.Select(value => (value.Subject.Source!, value.Value)));
        Assert.Equal(120, Assert.Single((await _bench.ReadAsync(rule with { Per = AlertPer.All }, Start.AddMinutes(6))).Values).Value);
    }

    [Fact]
    public async Task Downtime_of_the_portal_is_no_silence()
    {
        _bench.End(Start.AddHours(-8), source: "a");
        var rule = Rule(new(AlertSignalKind.NoData), 600, AlertPer.Source);
        using var restarted = _bench.Another(new(_bench.Time));
        async Task<double?> SilentAsync(SignalReader reader) =>
            (await reader.ReadAsync([rule], _bench.Minute(), TestContext.Current.CancellationToken))[0].Values.Single(value => value.Subject.Source == "a").Value;
        _bench.Time.Advance(TimeSpan.FromMinutes(9));
        Assert.Null(await SilentAsync(restarted));
        _bench.Time.Advance(TimeSpan.FromMinutes(3));

        // What was stored is known to the hour.
        Assert.InRange((await SilentAsync(restarted))!.Value, 7.2 * 3600, 8.2 * 3600);
    }

    [Fact]
    public async Task A_source_that_a_rule_names_but_that_never_reported_is_silent_since_the_start()
    {
        var rule = Rule(new(AlertSignalKind.NoData), 300) with { Scope = new("never") };
        Assert.Null(Assert.Single((await _bench.ReadAsync(rule, Start.AddMinutes(2))).Values).Value);
        Assert.True(Assert.Single((await _bench.ReadAsync(rule, Start.AddMinutes(6))).Values).Value > 300);
    }

    [Fact]
    public async Task A_finding_is_a_subject_with_its_magnitude_and_a_forecast_the_hours_that_are_left()
    {
        _bench.Findings.Stored.AddRange(
        [
            MemoryFindings.Of(FindingKind.Forecast, Start, 7200, "disk"),
            MemoryFindings.Of(FindingKind.Anomaly, Start, -3, "odd", severity: Severity.Critical),
            MemoryFindings.Of(FindingKind.Anomaly, Start, 5, "mild"),
            MemoryFindings.Of(FindingKind.Anomaly, Start, 5, "over") with { State = FindingState.Closed },
        ]);
        var forecast = await _bench.ReadAsync(Rule(new(AlertSignalKind.Finding, FindingKind: FindingKind.Forecast)), Start.AddMinutes(1));
        Assert.Equal(("disk", (double?)2), (Assert.Single(forecast.Values).Subject.Source, forecast.Values[0].Value));
        Assert.Equal(_bench.Findings.Stored[0].Id, forecast.Values[0].Subject.FindingId);
        Assert.Equal(new(_bench.Findings.Stored[0].Latest.Sentence, "h", AlertSeverity.Warning), forecast.Values[0].Problem);
        Assert.False(forecast.IsAbsentOver);

        var anomaly = await _bench.ReadAsync(Rule(new(AlertSignalKind.Finding, FindingKind: FindingKind.Anomaly, MinSeverity: Severity.Critical)), Start.AddMinutes(16));
        Assert.Equal(("odd", (double?)3), (Assert.Single(anomaly.Values).Subject.Source, anomaly.Values[0].Value));
        Assert.True(anomaly.IsAbsentOver);
        Assert.Equal(2, (await _bench.ReadAsync(Rule(new(AlertSignalKind.Finding, FindingKind: FindingKind.Anomaly)), Start.AddMinutes(16))).Values.Count);
    }

    [Fact]
    public async Task Soon_after_the_start_a_finding_is_over_when_the_data_show_its_end_and_otherwise_only_missing()
    {
        var over = MemoryFindings.Of(FindingKind.DamagedModel, Start, 0.5, "gpu-1");
        _bench.Findings.Stored.AddRange(
        [
            over with { State = FindingState.Closed, Latest = over.Latest with { Until = Start } },
            MemoryFindings.Of(FindingKind.DamagedModel, Start, 0.5, "gpu-2") with { State = FindingState.Closed },
            MemoryFindings.Of(FindingKind.DamagedModel, Start, 0.5, "gpu-3"),
        ]);
        var rule = Rule(new(AlertSignalKind.Finding, FindingKind: FindingKind.DamagedModel));
        var early = await _bench.ReadAsync(rule, Start.AddMinutes(1));
        Assert.Equal([("gpu-3", (double?)0.5, false), ("gpu-1", null, true)], early.Values.Select(value => (value.Subject.Source!, value.Value, value.IsOver)));
        Assert.Equal((over.Id, false), (early.Values[1].Subject.FindingId, early.IsAbsentOver));
        Assert.Equal(["gpu-3"], (await _bench.ReadAsync(rule, Start.AddMinutes(16))).Values.Select(value => value.Subject.Source));
    }

    [Fact]
    public async Task Score_and_health_are_what_the_portal_says()
    {
        _bench.Scores.Values[""] = 71;
        _bench.Health.Parts.AddRange([new("storage", true), new("sampler", false)]);
        var rules = new[] { Rule(new(AlertSignalKind.Score)), Rule(new(AlertSignalKind.Score)) with { Id = "r2" }, Rule(new(AlertSignalKind.Portal), 0) with { Id = "r3" } };
        var read = await _bench.Reader.ReadAsync(rules, Start, TestContext.Current.CancellationToken);
        Assert.Equal(71, read[0].Values[0].Value);
        Assert.Equal(1, _bench.Scores.Reads);
        Assert.Equal([("storage", (double?)1), ("sampler", 0)], read[2].Values.Select(value => (value.Subject.Part!, value.Value)));
    }

    [Fact]
    public async Task A_rule_has_at_most_500_subjects_and_those_beyond_their_threshold_are_among_them()
    {
        for (int i = 0; i < 700; i++)
        {
            _bench.Sample($"h{i:000}", Start.AddSeconds(1), i is 650 or 699 ? 90 : 10);
        }

        var rule = Rule(Cpu, 80, AlertPer.Source);
        var values = (await _bench.ReadAsync(rule, Start.AddMinutes(1))).Values;
        Assert.Equal(500, values.Count);
        Assert.Equal(["h650", "h699"], values.Where(value => value.Value > 80).Select(value => value.Subject.Source));

        // One that was beyond is still there when it recovers, so that its alert can resolve.
        _bench.Sample("h699", Start.AddMinutes(5).AddSeconds(30), 5);
        Assert.Contains((await _bench.ReadAsync(rule, Start.AddMinutes(6))).Values, value => value.Subject.Source == "h699" && value.Value == 5);
    }
}
