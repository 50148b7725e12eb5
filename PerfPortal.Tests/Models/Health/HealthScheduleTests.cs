using PerfPortal.Domain.Advice;
using PerfPortal.Domain.Models.Health;
using PerfPortal.Domain.Models.Health.Reading;
using PerfPortal.Domain.Models.Health.Records;
using PerfPortal.Domain.Models.Health.Results;
using PerfPortal.Domain.Models.Health.Scheduling;
using PerfPortal.Domain.Operations;
using PerfPortal.Domain.Resources;
using PerfPortal.Domain.Tracking;
using Xunit;

namespace PerfPortal.Tests.Models.Health;

public sealed class HealthScheduleTests : IDisposable
{
    private static readonly ModelHealthOptions Options = new() { Directories = [], StateDirectory = "x" };

    private readonly ModelFolder _folder = new();
    private readonly EndedOperations _ended = new();
    private readonly PerformanceTracker _tracker;

    public HealthScheduleTests() => _tracker = new(new ActiveOperations(), _ended, _folder.Time, "tracker");

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_check_is_an_operation_with_the_facts_that_advice_learns_from()
    {
        string file = _folder.WriteBlocks("m/model.bin", 2);
        var monitor = _folder.Monitor(_tracker);
        await monitor.CheckAsync("m", cancellationToken: Token);
        _folder.Time.Advance(TimeSpan.FromSeconds(1));
        await monitor.CheckAsync("m", cancellationToken: Token);
        _folder.Time.Advance(TimeSpan.FromSeconds(1));
        ModelFolder.FlipSilently(file, 0);
        await monitor.CheckAsync("m", full: true, Token);
        var operations = Collect();
        Assert.All(operations, operation => Assert.Equal((MetricType.HealthCheck, "m", "host", OperationStatus.Succeeded), (operation.MetricType, operation.Name, operation.Source, operation.Status)));
        Assert.Equal(["full", "sampled", "full"], operations.Select(operation => operation.Metadata[AdviceFacts.Check].Text));
        Assert.All(operations, operation => Assert.Equal(AdviceFacts.Default, operation.Metadata[AdviceFacts.Arm].Text));
        Assert.Equal([0, 0, 1], operations.Select(operation => operation.Metadata["corruption_detected"].Numeric));
        Assert.Equal([2 * (double)BlockHashes.BlockSize, 2.0 * BlockHashes.BlockSize], [operations[0].Metadata["bytes_checked"].Numeric!.Value, operations[2].Progress!.Value.Done]);
        Assert.Equal((1, 0, 1), (operations[0].Metadata["files_checked"].Numeric, operations[0].Metadata["files_missing"].Numeric, operations[0].Metadata["integrity_score"].Numeric));
        Assert.All(operations, operation => Assert.All(operation.Metadata, member => Assert.Null(KnownFacts.Check(MetricType.HealthCheck, member.Key, member.Value))));
    }

    [Fact]
    public async Task The_schedule_checks_new_models_and_then_at_their_interval_with_a_full_check_every_so_many()
    {
        _folder.WriteBlocks("a/model.bin", 1);
        _folder.WriteBlocks("b/model.bin", 1);
        var monitor = _folder.Monitor(_tracker, change: options => options with { FullCheckEvery = 3, CheckInterval = TimeSpan.FromHours(1), ScanInterval = TimeSpan.FromMinutes(5) });
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Token);
        var run = monitor.RunAsync(stop.Token);
        await AdvanceUntilAsync(() => Collect().Count >= 8);
        await stop.CancelAsync();
        await run;
        var operations = Collect().Where(operation => operation.Name == "a").ToList();
        Assert.Equal(["full", "sampled", "sampled", "full"], operations.Take(4).Select(operation => operation.Metadata[AdviceFacts.Check].Text));
        var gaps = operations.Zip(operations.Skip(1), (one, next) => next.StartTime - one.StartTime);
        Assert.All(gaps, gap => Assert.InRange(gap, TimeSpan.FromHours(1), TimeSpan.FromHours(2)));
        Assert.All(operations, operation => Assert.Equal(AdviceFacts.Schedule, operation.Metadata[AdviceFacts.Trigger].Text));
    }

    [Fact]
    public async Task A_failure_is_retried_with_growing_waits_and_the_others_are_checked_meanwhile()
    {
        _folder.WriteBlocks("a/model.bin", 1);
        var monitor = _folder.Monitor(_tracker);
        // The state directory is a file, so nothing can be stored.
        File.WriteAllText(_folder.State, "x");
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Token);
        var run = monitor.RunAsync(stop.Token);
        await AdvanceUntilAsync(() => Collect().Count >= 4);
        File.Delete(_folder.State);
        await AdvanceUntilAsync(() => Collect().Any(operation => operation.Status == OperationStatus.Succeeded));
        await stop.CancelAsync();
        await run;
        var failed = Collect().Where(operation => operation.Status == OperationStatus.Failed).ToList();
        var gaps = failed.Zip(failed.Skip(1), (one, next) => next.StartTime - one.StartTime).ToList();
        Assert.All(gaps, (gap, i) => Assert.True(gap >= CheckTimes.BackOff(i + 1, TimeSpan.FromHours(6)), string.Join(" ", gaps)));
    }

    [Fact]
    public async Task A_check_that_finds_damage_reports_it_with_the_first_reasons_and_one_that_cannot_read_a_file_does_not_say_that_there_is_none()
    {
        string file = _folder.WriteBlocks("m/model.bin", 2);
        var monitor = _folder.Monitor(_tracker);
        await monitor.CheckAsync("m", full: true, Token);
        _folder.Time.Advance(TimeSpan.FromSeconds(1));
        ModelFolder.FlipSilently(file, 5);
        await monitor.CheckAsync("m", full: true, Token);
        var operations = Collect();
        Assert.Equal((false, ""), (operations[0].Metadata["corruption_detected"].Numeric > 0, operations[0].Metadata["reasons"].ToString()));
        Assert.Equal(1, operations[1].Metadata["corruption_detected"].Numeric);
        Assert.StartsWith("model.bin: ", operations[1].Metadata["reasons"].Text, StringComparison.Ordinal);

        int calls = 0;
        _folder.Time.Advance(TimeSpan.FromSeconds(1));
        var growing = new ModelHealthMonitor(
            new() { Directories = [_folder.Models], StateDirectory = _folder.State + "2" }, _tracker, null, _folder.Time, null, null, null, path => FileStamp.Of(path) is { } stamp ? stamp with { ModifiedNs = calls++ } : null);
        Assert.Equal(HealthState.Unknown, (await growing.CheckAsync("m", cancellationToken: Token)).State);
        Assert.Equal(MetadataKind.Null, Collect()[^1].Metadata["corruption_detected"].Kind);
    }

    [Fact]
    public async Task That_a_damaged_model_was_deleted_is_reported_once_and_nothing_of_a_sound_one()
    {
        string file = _folder.WriteBlocks("bad/model.bin", 1);
        _folder.WriteBlocks("good/model.bin", 1);

        // A directory that does not exist, such as that of downloads before the first, is no reason to wait for its models.
        var monitor = _folder.Monitor(_tracker, change: options => options with { Directories = [.. options.Directories, _folder.Models + "-downloads"] });
        await monitor.CheckAsync("good", full: true, Token);
        await monitor.CheckAsync("bad", full: true, Token);
        ModelFolder.FlipSilently(file, 5);
        await monitor.CheckAsync("bad", full: true, Token);
        int before = Collect().Count;

        // A disk that is not mounted: where it would be is empty.
        Directory.Move(_folder.Models, _folder.Models + "-away");
        monitor.Scan(Token);
        Directory.CreateDirectory(_folder.Models);
        monitor.Scan(Token);
        Assert.Equal(before, Collect().Count);
        Directory.Delete(_folder.Models);
        Directory.Move(_folder.Models + "-away", _folder.Models);
        Assert.Equal(HealthState.Damaged, monitor.Scan(Token).Single(health => health.Name == "bad").State);

        Directory.Delete(Path.Combine(_folder.Models, "bad"), recursive: true);
        Directory.Delete(Path.Combine(_folder.Models, "good"), recursive: true);
        _folder.WriteBlocks("other/model.bin", 1);
        monitor.Scan(Token);
        monitor.Scan(Token);
        var told = Assert.Single(Collect().Skip(before));
        Assert.Equal(("bad", OperationStatus.Cancelled, "host"), (told.Name, told.Status, told.Source));
        Assert.Equal(1, told.Metadata["model_deleted"].Numeric);
    }

    [Fact]
    public async Task A_model_is_never_checked_twice_at_once_and_who_asks_again_joins()
    {
        _folder.WriteBlocks("m/model.bin", 20);
        var monitor = _folder.Monitor(_tracker);
        var results = await Task.WhenAll(Enumerable.Range(0, 5).Select(i => Task.Run(() => monitor.CheckAsync("m", full: true, Token), Token)));
        Assert.All(results, health => Assert.Equal(HealthState.Healthy, health.State));
        var operations = Collect();
        Assert.InRange(operations.Count, 1, 5);
        Assert.All(operations.Zip(operations.Skip(1)), pair => Assert.True(pair.Second.StartTime >= pair.First.EndTime));
    }

    [Fact]
    public async Task A_cancelled_check_leaves_what_was_known()
    {
        _folder.WriteBlocks("m/model.bin", 20);
        var monitor = _folder.Monitor(_tracker);
        using var cancelled = new CancellationTokenSource();
        var check = monitor.CheckAsync("m", cancellationToken: cancelled.Token);
        await cancelled.CancelAsync();
        try
        {
            await check;
        }
        catch (OperationCanceledException)
        {
            Assert.Equal(HealthState.Unknown, monitor.Find("m")!.State);
        }

        Assert.Equal(HealthState.Healthy, (await monitor.CheckAsync("m", full: true, Token)).State);
    }

    [Fact]
    public async Task Scheduled_checks_keep_to_the_rate_and_somebody_who_waits_lifts_it()
    {
        _folder.WriteBlocks("m/model.bin", 40);
        var monitor = _folder.Monitor(_tracker, change: options => options with { ReadRate = BlockHashes.BlockSize });
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Token);
        var started = _folder.Time.GetUtcNow();
        var run = monitor.RunAsync(stop.Token);
        await AdvanceUntilAsync(() => Collect().Count >= 1, TimeSpan.FromSeconds(1));
        Assert.True(Collect()[0].EndTime - started >= TimeSpan.FromSeconds(30));
        await stop.CancelAsync();
        await run;
        var now = _folder.Time.GetUtcNow();
        await monitor.CheckAsync("m", full: true, Token);
        Assert.Equal(now, _folder.Time.GetUtcNow());
    }

    [Fact]
    public async Task Checks_that_somebody_asks_for_share_the_maximum_rate()
    {
        _folder.WriteBlocks("a/model.bin", 1);
        _folder.WriteBlocks("b/model.bin", 1);
        var monitor = _folder.Monitor(_tracker, change: options => options with { MaxReadRate = BlockHashes.BlockSize });
        var started = _folder.Time.GetUtcNow();
        var both = Task.WhenAll(monitor.CheckAsync("a", cancellationToken: Token), monitor.CheckAsync("b", cancellationToken: Token));
        await AdvanceUntilAsync(() => both.IsCompleted, TimeSpan.FromMilliseconds(100));
        await both;
        Assert.True(_folder.Time.GetUtcNow() - started >= TimeSpan.FromSeconds(1));
    }

    [Fact]
    public void Load_slows_reading_evenly()
    {
        var now = _folder.Time.GetUtcNow();
        double At(double cpu, double memory = 10) =>
            Math.Round(LoadLimit.RateAt(100, new("host", now) { [ResourceMetric.CpuPercent] = cpu, [ResourceMetric.MemoryPercent] = memory }, now), 6);
        Assert.Equal([100, 100, 55, 10, 10], [At(0), At(50), At(70), At(90), At(100)]);
        Assert.Equal((50, 100), (At(0, 95), LoadLimit.RateAt(100, null, now)));
        Assert.Equal(100, LoadLimit.RateAt(100, new("host", now.AddHours(-1)) { [ResourceMetric.CpuPercent] = 100 }, now));
    }

    [Fact]
    public async Task A_model_in_use_is_checked_sooner()
    {
        _folder.WriteBlocks("m/model.bin", 1);
        var monitor = _folder.Monitor();
        var first = (await monitor.CheckAsync("m", cancellationToken: Token)).NextCheckAt!.Value;
        monitor.NoteUse("m");
        monitor.NoteUse("unknown");
        var second = monitor.Find("m")!.NextCheckAt!.Value;
        Assert.Equal((TimeSpan.FromHours(24), TimeSpan.FromHours(12)), (first - _folder.Time.GetUtcNow(), second - _folder.Time.GetUtcNow()));
        for (int i = 0; i < 200; i++)
        {
            monitor.NoteUse("m");
        }

        Assert.Equal(TimeSpan.FromHours(3), monitor.Find("m")!.NextCheckAt - _folder.Time.GetUtcNow());
        Assert.Equal(0.5, new ModelUse(1, _folder.Time.GetUtcNow()).WeightAt(_folder.Time.GetUtcNow() + ModelUse.HalfLife), 6);
    }

    [Fact]
    public async Task An_advised_interval_is_not_divided_by_the_uses_that_advice_has_counted()
    {
        _folder.WriteBlocks("m/model.bin", 1);
        var monitor = _folder.Monitor(adviser: new FixedAdviser(Item(AdviceKinds.CheckInterval, 7_200, 0.5, 86_400)), random: new(3));
        await monitor.CheckAsync("m", cancellationToken: Token);
        monitor.NoteUse("m");
        Assert.Equal(TimeSpan.FromHours(2), monitor.Find("m")!.NextCheckAt - _folder.Time.GetUtcNow());
        Assert.Equal(TimeSpan.FromHours(2), (await monitor.CheckAsync("m", cancellationToken: Token)).NextCheckAt - _folder.Time.GetUtcNow());
    }

    [Fact]
    public void Learned_advice_is_followed_and_the_rest_comes_from_its_safe_defaults()
    {
        AdviceItem[] items = [Item(AdviceKinds.CheckInterval, 7_200, 0.5, 3_600), Item(AdviceKinds.FullCheckEvery, 12, 0, 12), Item(AdviceKinds.ReadRate, double.NaN, 0.5, null)];
        Assert.Equal(new HealthPlan(TimeSpan.FromHours(2), 12, 200e6, true), HealthPlan.Of(new(items), Options));
        Assert.Equal(new HealthPlan(TimeSpan.FromHours(24), 25, 200e6, false), HealthPlan.Of(new([]), Options));
    }

    [Fact]
    public async Task After_one_check_in_eight_the_default_interval_follows_so_that_the_advised_one_can_be_compared()
    {
        _folder.Write("m/a.gguf", SmallFiles.Gguf());
        var monitor = _folder.Monitor(_tracker, new FixedAdviser(Item(AdviceKinds.CheckInterval, 7_200, 0.5, 86_400), Item(AdviceKinds.FullCheckEvery, 3, 0.5, 25)), random: new(3));
        var waits = new List<TimeSpan>();
        for (int i = 0; i < 100; i++)
        {
            waits.Add((await monitor.CheckAsync("m", cancellationToken: Token)).NextCheckAt!.Value - _folder.Time.GetUtcNow());
        }

        var arms = Collect().Select(operation => operation.Metadata[AdviceFacts.Arm].Text).ToList();
        Assert.Equal(waits.Count(wait => wait == TimeSpan.FromHours(24)), arms.Count(arm => arm == AdviceFacts.Default));
        Assert.Equal(waits.Count(wait => wait == TimeSpan.FromHours(2)), arms.Count(arm => arm == AdviceFacts.Advised));
        Assert.InRange(arms.Count(arm => arm == AdviceFacts.Default), 5, 25);
        Assert.All(Collect(), operation => Assert.Equal(AdviceFacts.Request, operation.Metadata[AdviceFacts.Trigger].Text));
    }

    [Fact]
    public void How_often_a_check_is_full_is_followed_in_both_arms_because_the_count_runs_on_between_them()
    {
        AdviceItem[] items = [Item(AdviceKinds.CheckInterval, 7_200, 0.5, 86_400), Item(AdviceKinds.FullCheckEvery, 3, 0.5, 25)];
        Assert.Equal(new HealthPlan(TimeSpan.FromHours(24), 3, 200e6, false), HealthPlan.Of(new(items, useDefaults: true), Options));
    }

    [Fact]
    public void Without_advice_a_monitor_does_what_the_safe_defaults_of_advice_say()
    {
        var defaults = SafeDefaults.Items(AdviceTopic.HealthCheck, DateTimeOffset.MaxValue);
        Assert.Equal(HealthPlan.Of(new(defaults), Options), HealthPlan.Of(new([]), Options));
    }

    [Fact]
    public async Task An_adviser_that_fails_costs_nothing_but_its_advice()
    {
        _folder.Write("m/a.gguf", SmallFiles.Gguf());
        Assert.Equal(HealthState.Healthy, (await _folder.Monitor(_tracker, new FixedAdviser(null)).CheckAsync("m", cancellationToken: Token)).State);
    }

    [Theory]
    [InlineData(1, 1)]
    [InlineData(2, 2)]
    [InlineData(5, 16)]
    [InlineData(30, 60)]
    public void Waits_after_failures_double_up_to_the_interval(int failures, int minutes) =>
        Assert.Equal(TimeSpan.FromMinutes(minutes), CheckTimes.BackOff(failures, TimeSpan.FromHours(1)));

    [Fact]
    public void Options_are_checked() =>
        Assert.Equal("Rotation", Assert.Throws<ArgumentException>(() => new ModelHealthMonitor(Options with { Rotation = 0 })).ParamName);

    private static AdviceItem Item(string kind, double? value, double confidence, double? safe) => new()
    {
        Kind = kind,
        Value = value,
        Unit = "s",
        SampleCount = 10,
        Confidence = confidence,
        ExpiresAt = DateTimeOffset.MaxValue,
        SafeDefault = safe,
        Reason = "Because.",
    };

    private List<Operation> Collect()
    {
        _tracker.Drain();
        return _ended.Operations;
    }

    private async Task AdvanceUntilAsync(Func<bool> holds, TimeSpan? step = null)
    {
        for (int i = 0; !holds(); i++)
        {
            Assert.True(i < 20_000, "It never came to hold.");
            _folder.Time.Advance(step ?? TimeSpan.FromSeconds(10));
            await Task.Delay(1, Token);
        }
    }

    private sealed class FixedAdviser(params AdviceItem[]? items) : IAdviser
    {
        public ValueTask<IReadOnlyList<AdviceItem>> AdviseAsync(AdviceQuestion question, CancellationToken cancellationToken) =>
            items is null ? throw new InvalidOperationException("No advice.") : new(items);
    }
}
