using System.Text;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;
using PerfPortal.Domain.Journal;
using PerfPortal.Domain.Operations;
using PerfPortal.Domain.Statistics;
using PerfPortal.Server.Hosting;
using PerfPortal.Server.Storage;
using PerfPortal.Server.Storage.SizeLimit;
using PerfPortal.Server.Views;
using PerfPortal.Tests.Storage.Sqlite;
using PerfPortal.Tests.Tracking;
using Xunit;

namespace PerfPortal.Tests.Storage.SizeLimit;

/// <summary>The limit of a real SQLite file, smaller than a configuration may set.</summary>
public sealed class SizeLimitServiceTests : BlockStoreFixture
{
    private const int LimitMb = 2;

    private readonly ImpatientClock _clock;
    private readonly RollupBuffer _rollups;
    private readonly List<string> _log = [];

    public SizeLimitServiceTests()
    {
        _clock = new(Time);
        _rollups = new(_clock);
    }

    [Fact]
    public async Task A_database_above_its_limit_loses_its_oldest_operations_keeps_its_figures_and_says_so()
    {
        var horizons = Horizons();
        var limit = new StorageLimit(new() { MaxDatabaseMb = LimitMb }, horizons);
        await SeedAsync(hours: 48, perHour: 60);
        var all = new TimeRange(Noon.AddHours(-48), Noon);
        var before = await CountAsync(horizons, all);
        Assert.Equal(48 * 60, before.Count);
        Assert.True(await Database.ReadUsedBytesAsync(Token) > limit.LimitBytes);

        using (var service = Service(horizons, limit))
        {
            await StepAsync(service);
        }

        long used = (await Database.ReadUsedBytesAsync(Token))!.Value;
        Assert.InRange(used, limit.LimitBytes * 0.8, limit.LimitBytes);
        Assert.InRange(new FileInfo(DatabaseFile).Length, 1, limit.LimitBytes * 1.05);

        // The oldest are deleted, the rest is kept, and data from the last hour was never affected.
        var left = await ScanAsync();
        Assert.All(left, operation => Assert.True(operation.EndTime >= horizons.Size.Rows));
        Assert.InRange(horizons.Size.Rows, Noon.AddHours(-47), Noon.AddHours(-1));
        Assert.Equal((Noon - horizons.Size.Rows).TotalMinutes, left.Count, 61.0);

        // The figures of the whole period stay correct, and the response states that it is no longer exact.
        var after = await CountAsync(horizons, all);
        Assert.Equal((before.Count, "minute"), (after.Count, after.Resolution));

        var state = limit.Read();
        Assert.Equal((StorageLimitState.Reached, horizons.Size.Rows), (state.State, state.OperationsSince));
        Assert.Contains("2 MiB", state.Summary, StringComparison.Ordinal);
        Assert.Contains(_log, line => line.StartsWith("Warning: The database uses", StringComparison.Ordinal) && line.Contains("MaxDatabaseMb", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_purge_by_size_survives_a_restart_and_is_not_repeated()
    {
        var horizons = Horizons();
        await SeedAsync(hours: 48, perHour: 60);
        using (var service = Service(horizons, new(new() { MaxDatabaseMb = LimitMb }, horizons)))
        {
            await StepAsync(service);
        }

        await ReopenAsync();
        var restarted = Horizons();
        restarted.Raise(await new HorizonStore(Database, Time).ReadAsync(Token));
        Assert.Equal(horizons.Size, restarted.Size);
        Assert.True(restarted.IsCutBySize);
        int left = (await ScanAsync()).Count;
        using (var service = Service(restarted, new(new() { MaxDatabaseMb = LimitMb }, restarted)))
        {
            await StepAsync(service);
            await StepAsync(service);
        }

        Assert.Equal(left, (await ScanAsync()).Count);
        Assert.Equal(horizons.Size, restarted.Size);
    }

    [Fact]
    public async Task When_everything_left_is_newer_than_an_hour_it_is_kept_and_told_once()
    {
        var horizons = Horizons();
        var limit = new StorageLimit(new() { MaxDatabaseMb = 1 }, horizons);
        await SeedAsync(hours: 1, perHour: 3_000);
        int stored = (await ScanAsync()).Count;
        using (var service = Service(horizons, limit))
        {
            await StepAsync(service);
            await StepAsync(service);
        }

        Assert.Equal(stored, (await ScanAsync()).Count);
        Assert.Equal(StorageLimitState.Exceeded, limit.Read().State);
        Assert.Single(_log, line => line.Contains("less than an hour old", StringComparison.Ordinal));
        Assert.Equal(EntryOutcome.Stored, (await EndAsync(Op(0)))[0].Outcome);
    }

    [Fact]
    public async Task The_limit_goes_through_a_kill_between_its_decision_and_the_deletion()
    {
        var horizons = Horizons();
        await SeedAsync(hours: 10, perHour: 60);
        var cut = Noon.AddHours(-5);
        await new HorizonStore(Database, Time).WriteAsync(new(cut, DateTimeOffset.MinValue, DateTimeOffset.MinValue), Token);
        horizons.Raise(await new HorizonStore(Database, Time).ReadAsync(Token));
        using (var service = Service(horizons, new(new() { MaxDatabaseMb = 1_000 }, horizons)))
        {
            await StepAsync(service);
        }

        Assert.All(await ScanAsync(), operation => Assert.True(operation.EndTime >= cut));
    }

    [Fact]
    public async Task A_failure_between_the_decision_and_the_deletion_does_not_cut_the_same_excess_again_from_newer_data()
    {
        var horizons = Horizons();
        await SeedAsync(hours: 48, perHour: 60);
        using var service = Service(horizons, new(new() { MaxDatabaseMb = LimitMb }, horizons));
        await service.StepAsync(Token);
        _clock.OnPause = pause => throw new IOException($"A pause of {pause} failed.");
        await Assert.ThrowsAsync<IOException>(() => service.StepAsync(Token));
        var decided = horizons.Size;
        Assert.NotEqual(DataHorizon.None, decided);
        Assert.Contains(await ScanAsync(), operation => operation.EndTime < decided.Rows);

        _clock.OnPause = _ => { };
        await StepAsync(service);

        Assert.Equal(decided, horizons.Size);
        Assert.All(await ScanAsync(), operation => Assert.True(operation.EndTime >= decided.Rows));
    }

    [Fact]
    public async Task Operations_of_a_minute_that_waits_for_its_rebuild_after_a_kill_are_deleted_only_after_it()
    {
        var horizons = Horizons();
        await EndAsync(Op(-36_000), Op(-36_001), Op(-36_002));
        _rollups.MarkStale(await Store.ReadDirtyMinutesAsync(Token));
        horizons.Raise(new(Noon.AddHours(-5), DateTimeOffset.MinValue, DateTimeOffset.MinValue));
        var waits = new TaskCompletionSource();
        _clock.OnPause = _ => waits.TrySetResult();
        using var service = Service(horizons, new(new() { MaxDatabaseMb = 1_000 }, horizons));
        var step = service.StepAsync(Token);
        await waits.Task.WaitAsync(Token);
        Assert.Equal(3, (await ScanAsync()).Count);

        await _rollups.RebuildAsync(Store, TimeSpan.MaxValue, Token);
        await step;

        Assert.Empty(await ScanAsync());
        Assert.Equal((3, "minute"), await CountAsync(horizons, new(Noon.AddHours(-11), Noon)));
    }

    [Fact]
    public void The_deletion_waits_longer_than_any_report_for_its_acknowledgement() => Assert.True(SizeLimitService.Settle > OperationJournal.LongestWait);

    [Fact]
    public async Task A_resend_of_an_operation_that_the_limit_has_deleted_is_refused_with_the_reason()
    {
        await using var bench = new TrackingBench();
        bench.Horizons.Raise(new(bench.Time.GetUtcNow().AddHours(-2), DateTimeOffset.MinValue, DateTimeOffset.MinValue));
        var end = bench.Time.GetUtcNow().AddHours(-3);
        var old = TrackingBench.Running() with { StartTime = end.AddSeconds(-1), EndTime = end, Status = OperationStatus.Succeeded };
        var result = Assert.Single(await bench.Reports.RecordAsync([old], Token));
        Assert.Equal(Domain.Tracking.ReportOutcome.Rejected, result.Outcome);
        Assert.Contains("MaxDatabaseMb", result.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void The_banner_goes_when_retention_would_have_deleted_the_same()
    {
        var time = new FakeTimeProvider(Noon);
        var horizons = new RetentionHorizons(time, new(_ => 168, 168, 840, 19_200));
        horizons.Raise(new(Noon.AddHours(-100), DateTimeOffset.MinValue, DateTimeOffset.MinValue));
        Assert.True(horizons.IsCutBySize);
        Assert.Equal(Noon.AddHours(-100), horizons.OldestRow);
        time.Advance(TimeSpan.FromHours(69));
        Assert.False(horizons.IsCutBySize);
        Assert.Equal(Noon.AddHours(69 - 168), horizons.OldestRow);
    }

    private RetentionHorizons Horizons() => new(Time, new(_ => 168, 168, 840, 19_200));

    private SizeLimitService Service(RetentionHorizons horizons, StorageLimit limit) => new(
        Database, new HorizonStore(Database, Time), horizons, _rollups, limit,
        new(new(), new OperationJournal(Store, _rollups, [], Time, LoggerFactory.Create(_ => { }).CreateLogger<OperationJournal>()), Time), new PortalReadiness(), _clock, new Recorder(_log));

    /// <summary>Operations with messages that do not compress, spread evenly until now, with their rollups.</summary>
    private async Task SeedAsync(int hours, int perHour)
    {
        var random = new Random(1);
        for (int hour = hours; hour > 0; hour--)
        {
            var operations = Enumerable.Range(0, perHour).Select(i => Op((-3600.0 * hour) + (3600.0 / perHour * i) + 1) with { ErrorMessage = Text(random), Status = OperationStatus.Failed }).ToList();
            await EndAsync(operations);
            operations.ForEach(_rollups.Add);
            await _rollups.FlushAsync(Store, Token);
        }
    }

    private static string Text(Random random)
    {
        var text = new StringBuilder();
        while (text.Length < 1_000)
        {
            text.Append((char)random.Next(' ', '~'));
        }

        return text.ToString();
    }

    private async Task<(long Count, string Resolution)> CountAsync(RetentionHorizons horizons, TimeRange range)
    {
        var answer = await new StatisticsReader(Reader, _rollups, horizons).ReadAsync(new(range, SeriesFilter.Everyone), Token);
        return (answer.Total.Count, answer.Range.Resolution);
    }

    /// <summary>A database must be above its limit twice.</summary>
    private static async Task StepAsync(SizeLimitService service)
    {
        await service.StepAsync(Token);
        await service.StepAsync(Token);
    }

    private sealed class Recorder(List<string> lines) : ILogger<SizeLimitService>
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            lines.Add($"{logLevel}: {formatter(state, exception)}");
    }
}
