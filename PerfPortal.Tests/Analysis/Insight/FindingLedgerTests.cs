using PerfPortal.Domain.Analysis.Insight;
using PerfPortal.Domain.Findings;
using PerfPortal.Domain.Operations;
using PerfPortal.Domain.Text;
using PerfPortal.Server.Storage;
using PerfPortal.Server.Storage.Sqlite;
using Xunit;

namespace PerfPortal.Tests.Analysis.Insight;

/// <summary>The ledger over the store that it has in the portal, on SQLite.</summary>
public sealed class FindingLedgerTests : IAsyncLifetime
{
    private static readonly DateTimeOffset Began = Days.Now.AddHours(-2);

    private readonly string _folder = Path.Combine(Path.GetTempPath(), "perfportal-tests", Guid.NewGuid().ToString("N"));
    private SqliteDatabase _database = null!;
    private EfFindingStore _store = null!;
    private FindingLedger _ledger = null!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _database = new(Path.Combine(_folder, "portal.db"), new NameDirectory(), TimeProvider.System);
        await _database.MigrateAsync(Cancel);
        _store = new(_database);
        _ledger = new(_store);
    }

    public ValueTask DisposeAsync()
    {
        _ledger.Dispose();
        Microsoft.Data.Sqlite.SqliteConnection.ClearAllPools();
        Directory.Delete(_folder, recursive: true);
        return ValueTask.CompletedTask;
    }

    [Fact]
    public async Task What_is_new_opens_and_keeps_all_that_it_says_across_a_restart()
    {
        var seen = Seen("llama");
        await MergeAsync(Days.Now, seen);
        using var later = new FindingLedger(_store);
        var finding = Assert.Single(await later.ListAsync(Cancel));
        Assert.Equal(FindingState.Open, finding.State);
        Assert.Equal(Days.Now.ToWholeMicroseconds(), finding.FirstSeen);
        Assert.Null(finding.Until);
        Assert.Equal(seen.Subject, finding.Latest.Subject);
        Assert.Equal(seen.Evidence, finding.Latest.Evidence);
        Assert.Equal(seen.Causes, finding.Latest.Causes);
        Assert.Equal(seen.Sentence, finding.Latest.Sentence);
    }

    [Fact]
    public async Task The_same_problem_stays_one_finding_while_its_date_becomes_more_precise()
    {
        await MergeAsync(Days.Now, Seen("llama"));
        string id = (await OnlyAsync()).Id;
        await MergeAsync(Days.Now.AddMinutes(1), Seen("llama", Began.AddMinutes(4)));
        var finding = await OnlyAsync();
        Assert.Equal(id, finding.Id);
        Assert.Equal(Began.AddMinutes(4), finding.Latest.Since);
        Assert.Equal(Days.Now, finding.FirstSeen);
        Assert.Equal(Days.Now.AddMinutes(1), finding.LastSeen);
    }

    [Fact]
    public async Task A_beginning_that_is_kept_is_the_one_that_the_sentence_states()
    {
        await MergeAsync(Days.Now, Seen("llama", sentence: $"It fails since {Moments.Text(Began)}."));
        var later = Began.AddMinutes(30);
        await MergeAsync(Days.Now.AddMinutes(1), Seen("llama", later, sentence: $"It fails since {Moments.Text(later)}.") with { MayHaveBegunEarlier = true });
        Assert.Equal((Began, $"It fails since {Moments.Text(Began)}."), (await OnlyAsync()).Latest is var latest ? (latest.Since, latest.Sentence) : default);
    }

    [Fact]
    public async Task A_second_step_of_the_same_name_is_a_second_finding()
    {
        await MergeAsync(Days.Now, Seen("llama"));
        var second = Seen("llama", Days.Now.AddMinutes(-5), sentence: "again");
        await MergeAsync(Days.Now.AddMinutes(1), Seen("llama"), second);
        await MergeAsync(Days.Now.AddMinutes(2), Seen("llama"), second);
        Assert.Equal(2, (await _ledger.ListAsync(Cancel)).Count(finding => finding.State == FindingState.Open));
    }

    [Fact]
    public async Task One_missed_look_is_no_end_but_five_minutes_are()
    {
        await MergeAsync(Days.Now, Seen("llama"));
        await MergeAsync(Days.Now.AddMinutes(1));
        Assert.Equal(FindingState.Open, (await OnlyAsync()).State);
        await MergeAsync(Days.Now + FindingLedger.CloseAfter);
        var closed = await OnlyAsync();
        Assert.Equal(FindingState.Closed, closed.State);
        Assert.Equal(Days.Now, closed.Until);
    }

    [Fact]
    public async Task A_problem_that_returns_soon_is_the_same_and_later_another_one()
    {
        await MergeAsync(Days.Now, Seen("llama", Days.Now));
        string id = (await OnlyAsync()).Id;
        await MergeAsync(Days.Now.AddMinutes(10));
        await MergeAsync(Days.Now.AddMinutes(20), Seen("llama", Days.Now.AddMinutes(19)));
        Assert.Equal((id, FindingState.Open), ((await OnlyAsync()).Id, (await OnlyAsync()).State));
        await MergeAsync(Days.Now.AddMinutes(30));
        await MergeAsync(Days.Now.AddHours(3), Seen("llama", Days.Now.AddMinutes(175)));
        Assert.Equal(2, (await _ledger.ListAsync(Cancel)).Count);
    }

    [Fact]
    public async Task An_end_by_the_data_closes_at_once_and_is_not_found_again()
    {
        await MergeAsync(Days.Now, Seen("llama"));
        var over = Seen("llama") with { Until = Days.Now.AddMinutes(-10) };
        await MergeAsync(Days.Now.AddMinutes(1), over);
        long version = _ledger.Version;
        await MergeAsync(Days.Now.AddMinutes(2), over);
        var finding = await OnlyAsync();
        Assert.Equal((FindingState.Closed, Days.Now.AddMinutes(-10)), (finding.State, finding.Until));
        Assert.Equal(version, _ledger.Version);
    }

    [Fact]
    public async Task A_detector_closes_only_what_it_finds_itself()
    {
        await MergeAsync(Days.Now, Seen("llama"));
        await _ledger.MergeAsync([FindingKind.Anomaly], [], Days.Now.AddHours(1), Cancel);
        Assert.Equal(FindingState.Open, (await OnlyAsync()).State);
    }

    [Fact]
    public async Task Above_the_capacity_closed_findings_are_forgotten_first()
    {
        await MergeAsync(Days.Now.AddHours(-30), [.. Enumerable.Range(0, 50).Select(i => Seen($"old {i}", Days.Now.AddHours(-31)) with { Until = Days.Now.AddHours(-30) })]);
        await MergeAsync(Days.Now, [.. Enumerable.Range(0, FindingLedger.Capacity - 10).Select(i => Seen($"name {i}"))]);
        var kept = await new FindingLedger(_store).ListAsync(Cancel);
        Assert.Equal(FindingLedger.Capacity, kept.Count);
        Assert.Equal(10, kept.Count(finding => finding.State == FindingState.Closed));
    }

    [Fact]
    public async Task What_cannot_be_stored_is_kept_and_stored_later()
    {
        var store = new FailingStore { IsFull = true };
        using var ledger = new FindingLedger(store);
        await ledger.MergeAsync([FindingKind.Regression], [Seen("llama")], Days.Now, Cancel);
        Assert.Single(await ledger.ListAsync(Cancel));
        Assert.Empty(store.Stored);
        store.IsFull = false;
        await ledger.MergeAsync([FindingKind.Regression], [Seen("llama")], Days.Now.AddMinutes(1), Cancel);
        Assert.Single(store.Stored);
    }

    [Fact]
    public async Task A_detector_that_fails_closes_nothing_and_stops_no_other()
    {
        await MergeAsync(Days.Now, Seen("llama"));
        using var engine = new InsightEngine([new Broken(), new Seeing(FindingKind.Anomaly, Seen("host") with { Kind = FindingKind.Anomaly })], _ledger, TimeProvider.System);
        var run = await engine.RunAsync(new(Days.Now.AddHours(1), new()), Cancel);
        Assert.Equal((1, 1), (run.Observations, run.Failed));
        Assert.Equal(2, (await _ledger.ListAsync(Cancel)).Count(finding => finding.State == FindingState.Open));
    }

    private static FindingObservation Seen(string name, DateTimeOffset? since = null, string sentence = "It became slower.") => new()
    {
        Kind = FindingKind.Regression,
        Subject = new(null, MetricType.ModelOperation, name, FindingMeasures.Duration),
        Since = since ?? Began,
        SinceLow = (since ?? Began).AddMinutes(-5),
        SinceHigh = (since ?? Began).AddMinutes(5),
        Size = 0.4,
        Unit = "ratio",
        Confidence = 0.99,
        Severity = Severity.Warning,
        Impact = 100,
        Sentence = sentence,
        Evidence = [new("p50_before", 3.5, "s"), new("p50_after", 5.1, "s")],
        Causes = [new("marker", "Release 2.1 was deployed.", Began, 0.9)],
    };

    private Task MergeAsync(DateTimeOffset now, params FindingObservation[] seen) => _ledger.MergeAsync([FindingKind.Regression], seen, now, Cancel);

    private async Task<Finding> OnlyAsync() => Assert.Single(await _ledger.ListAsync(Cancel));

    private sealed class FailingStore : IFindingStore
    {
        public bool IsFull { get; set; }

        public Dictionary<string, Finding> Stored { get; } = [];

        public Task<IReadOnlyList<Finding>> ReadAllAsync(CancellationToken cancellationToken) => Task.FromResult<IReadOnlyList<Finding>>([.. Stored.Values]);

        public Task SaveAsync(IReadOnlyCollection<Finding> written, IReadOnlyCollection<string> removedIds, CancellationToken cancellationToken)
        {
            if (IsFull)
            {
                throw new IOException("The disk is full.");
            }

            foreach (var finding in written)
            {
                Stored[finding.Id] = finding;
            }

            return Task.CompletedTask;
        }
    }

    private sealed class Broken : IFindingDetector
    {
        public IReadOnlyList<FindingKind> Kinds => [FindingKind.Regression];

        public Task<IReadOnlyList<FindingObservation>> ObserveAsync(DetectionRequest request, CancellationToken cancellationToken) => throw new IOException("No database.");
    }

    private sealed class Seeing(FindingKind kind, params FindingObservation[] seen) : IFindingDetector
    {
        public IReadOnlyList<FindingKind> Kinds => [kind];

        public Task<IReadOnlyList<FindingObservation>> ObserveAsync(DetectionRequest request, CancellationToken cancellationToken) =>
            Task.FromResult<IReadOnlyList<FindingObservation>>(seen);
    }
}
