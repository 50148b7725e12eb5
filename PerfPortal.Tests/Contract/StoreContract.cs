using Microsoft.Extensions.Logging.Abstractions;
using PerfPortal.Domain.Journal;
using PerfPortal.Domain.Operations;
using PerfPortal.Domain.Statistics;
using PerfPortal.Server.Storage;
using PerfPortal.Tests.Journal;
using Xunit;

namespace PerfPortal.Tests.Contract;

/// <summary>What every store keeps to; each test starts with an empty, migrated database of its own.</summary>
public abstract partial class StoreContract : IAsyncLifetime
{
    private static readonly DateTimeOffset Noon = new(2026, 3, 4, 12, 0, 0, TimeSpan.Zero);
    private static readonly TimeRange Always = new(DateTimeOffset.UnixEpoch, new(2200, 1, 1, 0, 0, 0, TimeSpan.Zero));

    private IPortalDatabase? _database;
    private NameDirectory _directory = new();
    private IJournalStore? _store;
    private ISourceStore? _sources;

    private protected IPortalDatabase Database => _database!;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private protected IJournalStore Store => _store!;

    private protected ISourceStore Sources => _sources!;

    private IOperationReader Operations => OpenReader(_directory);

    private IResourceReader Resources => OpenResources(_directory);

    public async ValueTask InitializeAsync()
    {
        await ArrangeAsync();
        _database = Connect(_directory);
        await _database.MigrateAsync(Token);
        await ReopenAsync();
    }

    public async ValueTask DisposeAsync()
    {
        (_store as IDisposable)?.Dispose();
        (_database as IDisposable)?.Dispose();
        await CleanUpAsync();
        GC.SuppressFinalize(this);
    }

    /// <summary>Finds a place for a database, or skips the test with a reason.</summary>
    private protected abstract Task ArrangeAsync();

    /// <summary>Another view of the same database, as another process has it.</summary>
    private protected abstract IPortalDatabase Connect(NameDirectory directory);

    private protected abstract IJournalStore OpenStore(NameDirectory directory);

    /// <summary>What removes sources from the store that was opened last.</summary>
    private protected abstract ISourceStore OpenSources(NameDirectory directory);

    private protected abstract IOperationReader OpenReader(NameDirectory directory);

    private protected virtual IResourceReader OpenResources(NameDirectory directory) => new EfResourceReader(Database, directory);

    private protected abstract Task CleanUpAsync();

    private protected static Operation Op(
        int endSeconds, double durationSeconds = 1, string name = "load", string source = "host-a", MetricType type = MetricType.ModelOperation,
        OperationStatus status = OperationStatus.Succeeded, Guid? id = null)
    {
        var end = Noon.AddSeconds(endSeconds);
        return new()
        {
            Id = id ?? Guid.NewGuid(),
            MetricType = type,
            Name = name,
            Source = source,
            Status = status,
            StartTime = end - Microseconds.FromSeconds(durationSeconds),
            EndTime = end,
        };
    }

    private static OperationFilter Of(SeriesFilter series) => new() { Series = series };

    /// <summary>Forgets everything but the database, as a killed process does.</summary>
    private async Task ReopenAsync()
    {
        (_store as IDisposable)?.Dispose();
        await Database.ReleaseAsync(Token);
        (_database as IDisposable)?.Dispose();
        _directory = new();
        _database = Connect(_directory);
        await Database.AcquireAsync(_ => { }, Token);
        await using (var context = Database.CreateContext())
        {
            await _directory.LoadAsync(context, Token);
        }

        _store = OpenStore(_directory);
        _sources = OpenSources(_directory);
    }

    private Task<IReadOnlyList<EntryResult>> EndAsync(params Operation[] operations) =>
        Store.CommitAsync([.. operations.Select(operation => new OperationEnded(operation))], Token).AsTask();

    private async Task<List<Operation>> ScanAsync(TimeRange range, OperationFilter? filter = null)
    {
        var found = new List<Operation>();
        await Operations.ScanAsync(range, filter ?? new(), operation =>
        {
            found.Add(operation);
            return true;
        }, Token);
        return found;
    }

    private async Task<List<RollupDelta>> RollupsAsync(RollupResolution resolution, SeriesFilter? filter = null)
    {
        var found = new List<RollupDelta>();
        var series = new SeriesIndex();
        await Operations.ReadRollupsAsync(
            resolution, 0, long.MaxValue, series,
            (bucket, page) => found.AddRange(RollupPages.ToDeltas(resolution, bucket, page, series)
                .Where(delta => (filter ?? SeriesFilter.Everyone).Matches(delta.Series, delta.Outcome))),
            Token);
        return found;
    }

    /// <summary>Through the journal, with its rollups, to its orderly end.</summary>
    private async Task ReportAsync(params Operation[] operations)
    {
        var journal = Journal(new(TimeProvider.System));
        var run = journal.RunAsync(Token);
        foreach (var part in operations.Chunk(1000))
        {
            await journal.SubmitAsync([.. part.Select(operation => new OperationEnded(operation))], Token);
        }

        journal.Close();
        await run;
    }

    private OperationJournal Journal(RollupBuffer rollups) =>
        new(Store, rollups, [], TimeProvider.System, NullLogger<OperationJournal>.Instance, sources: Sources);

    /// <summary>Compares rollups with a computation of its own.</summary>
    private static void AssertRollups(List<RollupDelta> rollups, RollupResolution resolution, IEnumerable<Operation> operations)
    {
        var expected = operations.GroupBy(operation => (
            Bucket: (operation.EndTime!.Value - DateTimeOffset.UnixEpoch).Ticks / (resolution.Seconds() * TimeSpan.TicksPerSecond),
            Series: new SeriesKey(operation.MetricType, operation.Source, operation.Name), operation.Status)).ToList();
        Assert.Equal(expected.Count, rollups.Count);
        foreach (var group in expected)
        {
            var found = Assert.Single(rollups, row => (row.Bucket, row.Series, row.Outcome) == group.Key).Rollup;
            Assert.Equal(group.Count(), found.Count);
            if (group.Key.Status is not (OperationStatus.Succeeded or OperationStatus.Failed))
            {
                Assert.Equal(0, found.Durations.Count);
                continue;
            }

            var seconds = group.Select(operation => operation.Duration!.Value.TotalSeconds).ToList();
            Assert.Equal(seconds.Count, found.Durations.Count);
            Assert.Equal(seconds.Sum(), found.Sum, 1e-8);
            Assert.Equal(seconds.Min(), found.Min);
            Assert.Equal(seconds.Max(), found.Max);
            var facts = group.SelectMany(operation => operation.Metadata).Where(member => member.Value.Numeric is not null).GroupBy(member => member.Key).ToList();
            Assert.Equal(facts.Select(fact => fact.Key).Order(StringComparer.Ordinal), found.Facts.Keys);
            Assert.All(facts, fact => Assert.Equal(fact.Sum(member => member.Value.Numeric!.Value), found.Facts[fact.Key].Sum, 9));
        }
    }
}
