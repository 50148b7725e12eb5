using PerfPortal.Domain.Analysis.Damage;
using PerfPortal.Domain.Analysis.Incidents;
using PerfPortal.Domain.Analysis.Insight;
using PerfPortal.Domain.Findings;
using PerfPortal.Domain.Operations;
using PerfPortal.Domain.Settings;
using PerfPortal.Domain.Text;
using PerfPortal.Server.Storage;
using PerfPortal.Server.Storage.Sqlite;
using Xunit;

namespace PerfPortal.Tests.Analysis.Damage;

/// <summary>The detector with the ledger over the store that it has in the portal, on SQLite.</summary>
public sealed class DamagedModelDetectorTests : IAsyncLifetime
{
    private readonly string _folder = Path.Combine(Path.GetTempPath(), "perfportal-tests", Guid.NewGuid().ToString("N"));
    private readonly MemoryOperations _stored = new();
    private EfFindingStore _findings = null!;
    private FindingLedger _ledger = null!;
    private ReportedChecks _checks = null!;
    private DamagedModelDetector _detector = null!;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        var database = new SqliteDatabase(Path.Combine(_folder, "portal.db"), new NameDirectory(), TimeProvider.System);
        await database.MigrateAsync(Token);
        _findings = new(database);
        Restart();
    }

    public ValueTask DisposeAsync()
    {
        _ledger.Dispose();
        Microsoft.Data.Sqlite.SqliteConnection.ClearAllPools();
        Directory.Delete(_folder, recursive: true);
        return ValueTask.CompletedTask;
    }

    [Fact]
    public async Task Corruption_opens_a_critical_finding_that_says_model_host_score_reason_and_what_to_do()
    {
        Report(Checks.Check(60, Checks.Clean), Checks.Check(30, Checks.Damaged));
        var found = await OnlyAsync();
        var since = Days.Now.AddMinutes(-30);
        Assert.Equal($"llama on gpu-1 is damaged (integrity score 42 %), found by the check of {Moments.Text(since)}. weights.safetensors: 1 MiB from byte 0 is not what it was.", found.Latest.Sentence);
        Assert.Equal((FindingKind.DamagedModel, Severity.Critical, FindingState.Open, since.ToWholeMicroseconds()), (found.Latest.Kind, found.Latest.Severity, found.State, found.Latest.Since));
        Assert.Equal(Days.Now.AddMinutes(-60).ToWholeMicroseconds().AddMicroseconds(1), found.Latest.SinceLow);
        Assert.Equal(new FindingSubject("gpu-1", MetricType.HealthCheck, "llama", "integrity"), found.Latest.Subject);
        Assert.Equal("Load the files of llama on gpu-1 again, and check it again.", found.Latest.Action);
        Assert.Equal(0.58, found.Latest.Size, 9);
        Assert.Equal([new("integrity_score", 0.42, "share"), new("files_missing", 0, "")], found.Latest.Evidence);
        Assert.Equal(_stored.Ended[1].Id, Assert.Single(found.Latest.Operations).Id);
    }

    [Fact]
    public async Task Missing_files_and_a_low_score_are_warnings_and_a_model_of_the_portals_host_is_repaired_on_its_page()
    {
        Report(Checks.Check(30, Checks.Incomplete, "a", "portal-host"), Checks.Check(20, [Checks.Score(0.83)], "b"));
        var found = await RunAsync();
        Assert.All(found, one => Assert.Equal(Severity.Warning, one.Latest.Severity));
        Assert.Equal(
            [
                $"a on portal-host is incomplete (integrity score 30 %, 2 files missing), found by the check of {Moments.Text(Days.Now.AddMinutes(-30))}.",
                $"b on gpu-1 is not intact (integrity score 83 %), found by the check of {Moments.Text(Days.Now.AddMinutes(-20))}.",
            ],
            found.Select(one => one.Latest.Sentence).Order(StringComparer.Ordinal));
        Assert.Contains(found, one => one.Latest.Action == "Repair a on its page under Models.");
    }

    [Fact]
    public async Task A_model_that_gets_worse_is_the_same_finding_with_another_severity()
    {
        Report(Checks.Check(30, Checks.Incomplete));
        var before = await OnlyAsync();
        Report(Checks.Check(1, Checks.Damaged));
        var after = await OnlyAsync();
        Assert.Equal((before.Id, Severity.Warning, Severity.Critical), (after.Id, before.Latest.Severity, after.Latest.Severity));
        Assert.Equal(before.Latest.Since, after.Latest.Since);
        Assert.Equal(2, after.Latest.Operations.Count);
    }

    [Fact]
    public async Task It_closes_with_a_later_check_of_the_same_model_that_finds_nothing_wrong_and_with_no_other()
    {
        Report(Checks.Check(30, Checks.Damaged));
        var opened = await OnlyAsync();
        Report(
            Checks.Check(31, Checks.Clean), Checks.Check(20, Checks.Clean, "other"), Checks.Check(20, Checks.Clean, source: "gpu-2"), Checks.Check(10, Checks.Clean, status: OperationStatus.Failed),
            Checks.Check(9, Checks.Clean, status: OperationStatus.Abandoned), Checks.Check(8, []), Checks.Check(7, [Checks.Missing(0)]));
        Assert.Equal((opened.Id, FindingState.Open), await OnlyAsync() is var still ? (still.Id, still.State) : default);

        Report(Checks.Check(5, Checks.Clean));
        var closed = await OnlyAsync();
        Assert.Equal((opened.Id, FindingState.Closed, Days.Now.AddMinutes(-5).ToWholeMicroseconds()), (closed.Id, closed.State, closed.Until));
        Assert.EndsWith($"to {Moments.Text(Days.Now.AddMinutes(-5))}, when a check found nothing wrong.", closed.Latest.Sentence, StringComparison.Ordinal);
    }

    [Fact]
    public async Task It_closes_when_the_model_was_deleted()
    {
        Report(Checks.Check(30, Checks.Damaged));
        await OnlyAsync();
        Report(Checks.Check(2, [("model_deleted", MetadataValue.From(true))], status: OperationStatus.Cancelled));
        var closed = await OnlyAsync();
        Assert.Equal(FindingState.Closed, closed.State);
        Assert.EndsWith("when it was deleted.", closed.Latest.Sentence, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Silence_and_a_restart_close_nothing_even_when_its_checks_are_no_longer_stored()
    {
        Report(Checks.Check(60, Checks.Damaged), Checks.Check(30, Checks.Damaged));
        var opened = await OnlyAsync();
        Restart();
        Assert.Equal((opened.Id, opened.Latest.Sentence), await OnlyAsync(Days.Now.AddDays(2)) is var later ? (later.Id, later.Latest.Sentence) : default);

        // Retention has deleted the checks.
        _stored.Ended.Clear();
        Restart();
        for (int day = 3; day < 400; day += 30)
        {
            var kept = await OnlyAsync(Days.Now.AddDays(day));
            Assert.Equal((opened.Id, FindingState.Open, opened.Latest.Since, opened.Latest.Sentence), (kept.Id, kept.State, kept.Latest.Since, kept.Latest.Sentence));
        }

        // What is left of the checks is from before, so it says nothing about the present.
        _stored.Ended.Add(Checks.Check(75, Checks.Clean));
        Restart();
        Assert.Equal((opened.Id, FindingState.Open), await OnlyAsync(Days.Now.AddDays(400)) is var thinned ? (thinned.Id, thinned.State) : default);

        Report(Checks.Check(-60 * 24 * 401, Checks.Clean));
        var closed = await OnlyAsync(Days.Now.AddDays(402));
        Assert.Equal((opened.Id, FindingState.Closed, Days.Now.AddDays(401).ToWholeMicroseconds()), (closed.Id, closed.State, closed.Until));
        Assert.Contains("integrity score 42 %", closed.Latest.Sentence, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_check_that_ended_while_the_portal_was_down_closes_it_after_the_restart()
    {
        Report(Checks.Check(30, Checks.Damaged));
        var opened = await OnlyAsync();
        _stored.Ended.Add(Checks.Check(10, Checks.Clean));
        Restart();
        var closed = await OnlyAsync(Days.Now.AddDays(3));
        Assert.Equal((opened.Id, FindingState.Closed, Days.Now.AddMinutes(-10).ToWholeMicroseconds()), (closed.Id, closed.State, closed.Until));
    }

    [Fact]
    public async Task A_store_that_cannot_be_read_opens_and_closes_nothing()
    {
        Report(Checks.Check(30, Checks.Damaged));
        await OnlyAsync();
        Restart();
        _stored.BeforeScan = () => throw new IOException("locked");
        await Assert.ThrowsAsync<IOException>(() => _detector.ObserveAsync(new(Days.Now, PerformanceThresholds.Default), Token));
        Assert.False(_checks.IsLoaded);
        _stored.BeforeScan = null;
        Assert.Equal(FindingState.Open, (await OnlyAsync()).State);
        Assert.True(_checks.IsLoaded);
    }

    [Fact]
    public async Task A_removed_source_takes_its_models_with_it_also_while_the_store_is_read()
    {
        Report(Checks.Check(30, Checks.Damaged), Checks.Check(30, Checks.Damaged, source: "gpu-2"));
        Assert.Equal(2, (await RunAsync()).Count);
        _checks.OnSourceRemoved("gpu-1");
        Assert.Equal(["gpu-2"], (await ObserveAsync()).Select(one => one.Subject.Source));

        var reading = new ReportedChecks();
        _stored.BeforeScan = () => reading.OnSourceRemoved("gpu-1");
        await reading.LoadAsync(_stored, [], Token);
        Assert.Equal(["gpu-2"], reading.Find(Days.Now).Select(one => one.Model.Source));
    }

    [Fact]
    public async Task A_report_of_an_earlier_check_that_comes_late_moves_the_beginning_and_not_the_finding()
    {
        Report(Checks.Check(30, Checks.Damaged));
        var opened = await OnlyAsync();
        Report(Checks.Check(90, Checks.Damaged));
        for (int minute = 0; minute < 3; minute++)
        {
            var moved = await OnlyAsync(Days.Now.AddMinutes(minute));
            Assert.Equal((opened.Id, Days.Now.AddMinutes(-90).ToWholeMicroseconds()), (moved.Id, moved.Latest.Since));
        }

        Report(Checks.Check(60, Checks.Clean));
        var two = await RunAsync(Days.Now.AddMinutes(3));
        Assert.Equal([FindingState.Open, FindingState.Closed], two.Select(one => one.State));
        Assert.Equal((opened.Id, Days.Now.AddMinutes(-30).ToWholeMicroseconds()), (two[1].Id, two[0].Latest.Since));
    }

    [Fact]
    public async Task Damage_that_was_over_before_the_portal_looked_is_told_as_over_for_a_day()
    {
        Report(Checks.Check(600, Checks.Damaged), Checks.Check(500, Checks.Clean), Checks.Check(3_000, Checks.Damaged, "old"), Checks.Check(2_900, Checks.Clean, "old"));
        Assert.Equal((FindingState.Closed, "llama"), await OnlyAsync() is var found ? (found.State, found.Latest.Subject.Name) : default);
    }

    [Fact]
    public async Task Several_models_of_a_host_are_one_incident_with_the_disk_as_a_possible_cause()
    {
        Report(Checks.Check(30, Checks.Damaged, "a"), Checks.Check(20, Checks.Incomplete, "b"), Checks.Check(20, Checks.Damaged, "c", "gpu-2"));
        var incidents = Incident.Of([.. await RunAsync()]);
        Assert.Equal([2, 1], incidents.Select(incident => incident.Findings.Count).OrderDescending());
        Assert.Equal("2 models on gpu-1 are damaged or incomplete: its disk may be failing or full.", Assert.Single(incidents.First(incident => incident.Findings.Count == 2).Headline.Latest.Causes).Text);
    }

    [Fact]
    public async Task A_model_that_is_damaged_again_after_its_repair_is_another_finding_and_another_incident()
    {
        Report(Checks.Check(30, Checks.Damaged), Checks.Check(20, Checks.Clean), Checks.Check(10, Checks.Damaged));
        var found = await RunAsync();
        Assert.Equal([FindingState.Open, FindingState.Closed], found.Select(one => one.State));
        Assert.Equal(2, Incident.Of([.. found]).Count);
    }

    [Fact]
    public async Task Thousands_of_models_are_bounded_and_those_that_are_not_told_one_by_one_are_counted()
    {
        for (int i = 0; i < 3_000; i++)
        {
            _checks.OnCommitted(new([Checks.Check(3_000 - i, i % 10 == 0 ? Checks.Damaged : Checks.Incomplete, $"m{i}", $"gpu-{i % 7}")], [], []));
        }

        var found = await RunAsync();
        Assert.Equal(DamagedModelDetector.MaxModels + 1, found.Count);
        Assert.Equal(300, found.Count(one => one.Latest.Severity == Severity.Critical));
        var rest = Assert.Single(found, one => one.Latest.Subject.Name is null).Latest;
        Assert.StartsWith("2,500 other models are damaged or incomplete, found by checks since ", rest.Sentence, StringComparison.Ordinal);
        Assert.Equal([new("models", 2_500, ""), new("sources", 7, "")], rest.Evidence);

        // Those that were told go on being told.
        var again = await RunAsync(Days.Now.AddMinutes(1));
        Assert.Equal(found.Select(one => one.Id).Order(StringComparer.Ordinal), again.Select(one => one.Id).Order(StringComparer.Ordinal));
        Restart();
        Assert.Equal(DamagedModelDetector.MaxModels, (await RunAsync(Days.Now.AddMinutes(2))).Count(one => one is { State: FindingState.Open, Latest.Subject.Name: not null }));
    }

    [Fact]
    public async Task Beyond_the_models_that_are_remembered_sound_ones_are_dropped_first()
    {
        _checks.OnCommitted(new([Checks.Check(50_000, Checks.Damaged)], [], []));
        for (int i = 0; i <= ReportedChecks.MaxModels; i++)
        {
            _checks.OnCommitted(new([Checks.Check(40_000 - i, Checks.Clean, $"m{i}")], [], []));
        }

        Assert.Equal("llama", (await OnlyAsync()).Latest.Subject.Name);
    }

    [Fact]
    public void It_matters_more_than_what_is_slow()
    {
        var damaged = DamageFinding.Of(new("s", "m"), new(Days.Now, Days.Now, ModelFaults.Corruption, Checks.Report(0, ModelFaults.Corruption), Checks.Report(0, ModelFaults.Corruption)), false, 1);
        Assert.True(Gravity.Of(damaged) > Gravity.Of(damaged with { Kind = FindingKind.Regression, Impact = 1e9 }));
        Assert.True(Gravity.Of(damaged with { Severity = Severity.Warning }) < Gravity.Of(damaged with { Kind = FindingKind.Silence }));
        Assert.Equal(1, damaged.Size);
    }

    private void Report(params Operation[] operations)
    {
        _stored.Ended.AddRange(operations);
        _checks.OnCommitted(new(operations, [], []));
    }

    private void Restart()
    {
        _ledger?.Dispose();
        _ledger = new(_findings);
        _checks = new();
        _detector = new(_checks, _stored, _ledger, "portal-host");
    }

    private Task<IReadOnlyList<FindingObservation>> ObserveAsync(DateTimeOffset? now = null) => _detector.ObserveAsync(new(now ?? Days.Now, PerformanceThresholds.Default), Token);

    private async Task<IReadOnlyList<Finding>> RunAsync(DateTimeOffset? now = null)
    {
        await _ledger.MergeAsync(_detector.Kinds, await ObserveAsync(now), now ?? Days.Now, Token);
        return await _ledger.ListAsync(Token);
    }

    private async Task<Finding> OnlyAsync(DateTimeOffset? now = null) => Assert.Single(await RunAsync(now));
}
