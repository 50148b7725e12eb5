using Microsoft.Extensions.Time.Testing;
using PerfPortal.Domain.Analysis.Recommendations;
using PerfPortal.Domain.Findings;
using PerfPortal.Domain.Operations;
using PerfPortal.Server.Storage;
using PerfPortal.Server.Storage.Sqlite;
using Xunit;

namespace PerfPortal.Tests.Analysis;

/// <summary>The ledger over the store that it has in the portal, on SQLite.</summary>
public sealed class RecommendationLedgerTests : IAsyncLifetime
{
    private readonly string _folder = Path.Combine(Path.GetTempPath(), "perfportal-tests", Guid.NewGuid().ToString("N"));
    private readonly FakeTimeProvider _time = new(Days.Now);
    private SqliteDatabase _database = null!;
    private EfRecommendationStore _store = null!;
    private RecommendationLedger _ledger = null!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _database = new(Path.Combine(_folder, "portal.db"), new NameDirectory(), TimeProvider.System);
        await _database.MigrateAsync(Cancel);
        _store = new(_database);
        _ledger = new(_store, _time);
    }

    public ValueTask DisposeAsync()
    {
        _ledger.Dispose();
        Microsoft.Data.Sqlite.SqliteConnection.ClearAllPools();
        Directory.Delete(_folder, recursive: true);
        return ValueTask.CompletedTask;
    }

    [Fact]
    public async Task What_is_new_is_open_and_keeps_all_that_it_says()
    {
        var given = Given("a");
        await _ledger.MergeAsync([given], Cancel);
        var read = Assert.Single(await _ledger.ListAsync(Cancel));
        Assert.Equal(RecommendationState.Open, read.State);
        Assert.True(read.IsCurrent);
        Assert.Equal(Days.Now, read.OpenedAt);
        Assert.Equal(given.Gain, read.Gain);
        Assert.Equal(given.Evidence, read.Evidence);
        Assert.Equal(MetricType.HealthCheck, read.MetricType);
        Assert.Null(read.ChangedAt);
    }

    [Fact]
    public async Task The_store_holds_what_it_read_until_something_is_written()
    {
        await _ledger.MergeAsync([Given("a")], Cancel);
        var read = await _store.ReadAllAsync(Cancel);
        Assert.Same(read, await _store.ReadAllAsync(Cancel));
        await _ledger.ApplyAsync(read[0].Id, "Ada", null, Cancel);
        Assert.Equal(RecommendationState.Applied, Assert.Single(await _store.ReadAllAsync(Cancel)).State);
        Assert.Equal(RecommendationState.Applied, Assert.Single(await new EfRecommendationStore(_database).ReadAllAsync(Cancel)).State);
    }

    [Fact]
    public async Task What_is_given_again_stays_one_with_its_new_figures_written_once_a_minute()
    {
        await _ledger.MergeAsync([Given("a")], Cancel);
        _time.Advance(TimeSpan.FromSeconds(59));
        await _ledger.MergeAsync([Given("a") with { Sentence = "59 s later" }], Cancel);
        Assert.Equal(Days.Now, Assert.Single(await _ledger.ListAsync(Cancel)).SeenAt);
        _time.Advance(TimeSpan.FromSeconds(1));
        await _ledger.MergeAsync([Given("a") with { Sentence = "a minute later" }], Cancel);
        var read = Assert.Single(await _ledger.ListAsync(Cancel));
        Assert.Equal(Days.Now.AddMinutes(1), read.SeenAt);
        Assert.Equal("a minute later", read.Sentence);
        Assert.Equal(Days.Now, read.OpenedAt);
    }

    [Fact]
    public async Task What_is_not_given_any_more_is_not_current()
    {
        await _ledger.MergeAsync([Given("a"), Given("b")], Cancel);
        var listed = await _ledger.MergeAsync([Given("b")], Cancel);
        Assert.Equal(["b", "a"], listed.Select(item => item.OperationName));
        Assert.Equal([true, false], listed.Select(item => item.IsCurrent));
        Assert.Equal(RecommendationState.Open, listed[1].State);
    }

    [Fact]
    public async Task A_dismissed_one_stays_dismissed_when_it_is_given_again()
    {
        string id = (await _ledger.MergeAsync([Given("a")], Cancel))[0].Id;
        _time.Advance(TimeSpan.FromMinutes(2));
        var dismissed = await _ledger.DismissAsync(id, "kim", "not here", Cancel);
        Assert.Equal((RecommendationState.Dismissed, "kim", "not here", (DateTimeOffset?)_time.GetUtcNow()), (dismissed!.State, dismissed.ChangedBy, dismissed.Note, dismissed.ChangedAt));
        _time.Advance(TimeSpan.FromDays(9));
        Assert.Equal(RecommendationState.Dismissed, (await _ledger.MergeAsync([Given("a")], Cancel))[0].State);
        Assert.Equal(RecommendationState.Dismissed, (await _ledger.FindAsync(id, Cancel))!.State);
    }

    [Fact]
    public async Task People_may_change_their_minds_and_repeating_changes_nothing()
    {
        string id = (await _ledger.MergeAsync([Given("a")], Cancel))[0].Id;
        await _ledger.DismissAsync(id, "kim", null, Cancel);
        Assert.Equal(RecommendationState.Applied, (await _ledger.ApplyAsync(id, "lee", null, Cancel))!.State);
        _time.Advance(TimeSpan.FromMinutes(1));
        var repeated = await _ledger.ApplyAsync(id, "sam", "again", Cancel);
        Assert.Equal(("lee", (DateTimeOffset?)Days.Now), (repeated!.ChangedBy, repeated.ChangedAt));
        Assert.Equal(RecommendationState.Open, (await _ledger.ReopenAsync(id, "kim", null, Cancel))!.State);
        Assert.Null(await _ledger.ApplyAsync("unknown", "kim", null, Cancel));
    }

    [Fact]
    public async Task An_applied_one_that_comes_back_after_a_day_opens_anew()
    {
        string id = (await _ledger.MergeAsync([Given("a")], Cancel))[0].Id;
        await _ledger.ApplyAsync(id, "kim", null, Cancel);
        _time.Advance(TimeSpan.FromHours(23));
        Assert.Equal(RecommendationState.Applied, (await _ledger.MergeAsync([Given("a")], Cancel))[0].State);
        _time.Advance(TimeSpan.FromHours(25));
        Assert.Equal(RecommendationState.Open, (await _ledger.MergeAsync([Given("a")], Cancel))[0].State);
        var read = await _ledger.FindAsync(id, Cancel);
        Assert.Equal((RecommendationState.Open, _time.GetUtcNow()), (read!.State, read.OpenedAt));
    }

    [Fact]
    public async Task A_portal_that_restarts_counts_what_was_seen_lately_as_current()
    {
        await _ledger.MergeAsync([Given("a")], Cancel);
        using var restarted = new RecommendationLedger(_store, _time);
        _time.Advance(TimeSpan.FromMinutes(15));
        Assert.True(Assert.Single(await restarted.ListAsync(Cancel)).IsCurrent);
        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.False(Assert.Single(await restarted.ListAsync(Cancel)).IsCurrent);
    }

    [Fact]
    public async Task A_decision_of_another_process_is_not_overwritten()
    {
        var read = await _ledger.MergeAsync([Given("a")], Cancel);
        await _ledger.DismissAsync(read[0].Id, "kim", null, Cancel);
        await _store.PutAsync([read[0] with { SeenAt = Days.Now.AddMinutes(5) }], Cancel);
        Assert.Equal(RecommendationState.Dismissed, (await _ledger.FindAsync(read[0].Id, Cancel))!.State);
    }

    [Fact]
    public async Task Beyond_the_capacity_decided_ones_go_first()
    {
        var decided = await _ledger.MergeAsync([Given("decided")], Cancel);
        await _ledger.DismissAsync(decided[0].Id, "kim", null, Cancel);
        _time.Advance(TimeSpan.FromMinutes(5));
        await _ledger.MergeAsync([.. Enumerable.Range(0, IRecommendationStore.Capacity).Select(i => Given($"name {i}"))], Cancel);
        var kept = await _ledger.ListAsync(Cancel);
        Assert.Equal(IRecommendationStore.Capacity, kept.Count);
        Assert.DoesNotContain(kept, item => item.OperationName == "decided");
    }

    private static Recommendation Given(string name) => new()
    {
        Id = Recommendation.IdOf(RecommendationKinds.HealthCheckCache, MetricType.HealthCheck, name, null),
        Kind = RecommendationKinds.HealthCheckCache,
        Title = "Keep results",
        Sentence = "It ran 100 times.",
        Action = "Keep them.",
        Condition = "More than 10.",
        Gain = new("About 5 min.", 300, "s per day", "mean × (checks − 4)"),
        Evidence = [new("checks", 100, "")],
        MetricType = MetricType.HealthCheck,
        OperationName = name,
    };
}
