using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;
using PerfPortal.Domain.Analysis.Recommendations;
using PerfPortal.Domain.Findings;
using PerfPortal.Domain.Operations;
using PerfPortal.Tests.Hosting;
using Xunit;

namespace PerfPortal.Tests.Analysis;

/// <summary>The disk is full: what is read must not depend on what can be written.</summary>
public sealed class UnsavedRecommendationsTests : IDisposable
{
    private readonly FakeTimeProvider _time = new(Days.Now);
    private readonly FullStore _store = new();
    private readonly LogRecords _log = new();
    private readonly LoggerFactory _logs;
    private readonly RecommendationLedger _ledger;

    public UnsavedRecommendationsTests()
    {
        _logs = new([_log]);
        _ledger = new(_store, _time, _logs.CreateLogger<RecommendationLedger>());
    }


    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose()
    {
        _ledger.Dispose();
        _logs.Dispose();
    }

    [Fact]
    public async Task On_a_full_disk_recommendations_are_given_from_memory_and_stored_when_there_is_room_again()
    {
        _store.IsFull = true;
        var listed = await _ledger.MergeAsync([Given("a")], Token);
        Assert.Equal("a", Assert.Single(listed).OperationName);
        Assert.True(Assert.Single(await _ledger.ListAsync(Token)).IsCurrent);

        for (int i = 0; i < 100; i++)
        {
            _time.Advance(TimeSpan.FromSeconds(1));
            await _ledger.MergeAsync([Given("a"), Given("b")], Token);
        }

        Assert.Equal(2, _store.Attempts);
        Assert.Single(_log.All, line => line.Message.Contains("cannot be stored", StringComparison.Ordinal));

        _store.IsFull = false;
        _time.Advance(TimeSpan.FromMinutes(1));
        await _ledger.MergeAsync([Given("b")], Token);
        Assert.Equal(["a", "b"], _store.Rows.Values.Select(item => item.OperationName).Order());
        Assert.Equal(Days.Now, _store.Rows.Values.Single(item => item.OperationName == "a").OpenedAt);
        Assert.Equal(["b", "a"], (await _ledger.ListAsync(Token)).Select(item => item.OperationName));
        Assert.Contains(_log.All, line => line.Message.Contains("stored again", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_decision_is_not_taken_while_it_cannot_be_stored_and_is_stored_with_its_recommendation_later()
    {
        _store.IsFull = true;
        string id = (await _ledger.MergeAsync([Given("a")], Token))[0].Id;
        await Assert.ThrowsAsync<IOException>(() => _ledger.ApplyAsync(id, "kim", null, Token));
        Assert.Equal(RecommendationState.Open, (await _ledger.FindAsync(id, Token))!.State);

        _store.IsFull = false;
        Assert.Equal(RecommendationState.Applied, (await _ledger.ApplyAsync(id, "kim", null, Token))!.State);
        Assert.Equal(RecommendationState.Applied, _store.Rows[id].State);
        Assert.Equal(RecommendationState.Applied, (await _ledger.MergeAsync([Given("a")], Token))[0].State);
    }

    [Fact]
    public async Task A_disk_that_stays_full_does_not_fill_the_memory()
    {
        _store.IsFull = true;
        for (int i = 0; i < 3; i++)
        {
            _time.Advance(TimeSpan.FromMinutes(2));
            int round = i;
            await _ledger.MergeAsync([.. Enumerable.Range(0, IRecommendationStore.Capacity).Select(n => Given($"{round} {n}"))], Token);
        }

        var kept = await _ledger.ListAsync(Token);
        Assert.Equal(IRecommendationStore.Capacity, kept.Count);
        Assert.All(kept, item => Assert.StartsWith("2 ", item.OperationName, StringComparison.Ordinal));
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

    private sealed class FullStore : IRecommendationStore
    {
        public Dictionary<string, Recommendation> Rows { get; } = [];

        public bool IsFull { get; set; }

        public int Attempts { get; private set; }

        public Task<IReadOnlyList<Recommendation>> ReadAllAsync(CancellationToken cancellationToken) => Task.FromResult<IReadOnlyList<Recommendation>>([.. Rows.Values]);

        public Task PutAsync(IReadOnlyList<Recommendation> recommendations, CancellationToken cancellationToken)
        {
            Attempts++;
            if (IsFull)
            {
                return Task.FromException(new IOException("database or disk is full"));
            }

            foreach (var item in recommendations)
            {
                Rows[item.Id] = item;
            }

            return Task.CompletedTask;
        }

        public Task DeleteAsync(IReadOnlyCollection<string> ids, CancellationToken cancellationToken)
        {
            foreach (string id in ids)
            {
                Rows.Remove(id);
            }

            return Task.CompletedTask;
        }

        public Task<bool> DecideAsync(Recommendation decided, CancellationToken cancellationToken)
        {
            if (IsFull)
            {
                return Task.FromException<bool>(new IOException("database or disk is full"));
            }

            bool isStored = Rows.ContainsKey(decided.Id);
            Rows[decided.Id] = decided;
            return Task.FromResult(isStored);
        }
    }
}
