using PerfPortal.Domain.Journal;
using PerfPortal.Domain.Operations;
using PerfPortal.Domain.Statistics;
using PerfPortal.Server.Storage;
using PerfPortal.Server.Storage.Sqlite;

namespace PerfPortal.Benchmarks.Query;

/// <summary>A SQLite store in a folder of its own, filled with figures alone: the rows behind them are not asked for.</summary>
internal sealed class RollupStore : IAsyncDisposable
{
    private readonly string _folder = Path.Combine(Path.GetTempPath(), "perfportal-benchmarks", Guid.NewGuid().ToString("N"));

    private RollupStore(TimeProvider clock)
    {
        Clock = clock;
        Database = new(Path.Combine(_folder, "perfportal.db"), Names, clock);
        Store = new(Database, clock);
        Operations = new SqliteOperationReader(Database);
        Resources = new LatestSamples(new SqliteResourceReader(Database), Horizons);
        Book = new(clock);
    }

    public TimeProvider Clock { get; }

    public SqliteDatabase Database { get; }

    public NameDirectory Names { get; } = new();

    public SqliteJournalStore Store { get; }

    public IOperationReader Operations { get; }

    public IResourceReader Resources { get; }

    public RollupBuffer Book { get; }

    public RetentionHorizons Horizons => new(Clock, new(_ => 400, 400, 840, 19_200));

    public static async Task<RollupStore> CreateAsync(TimeProvider clock, CancellationToken cancellationToken)
    {
        var store = new RollupStore(clock);
        await store.Database.MigrateAsync(cancellationToken);
        return store;
    }

    /// <summary>Figures through the pages that are held.</summary>
    public StatisticsReader Statistics() => new(Operations, Book, Horizons);

    /// <summary>Figures as just after a start, when no page is held.</summary>
    public StatisticsReader Cold() => new(Operations, new RollupBuffer(Clock), Horizons);

    /// <summary>Stores what happened in one hour; <paramref name="each"/> tells every operation.</summary>
    public ValueTask AddHourAsync(long hour, Action<Action<long, SeriesKey, OperationStatus, double>> each, CancellationToken cancellationToken)
    {
        var minutes = new Dictionary<(long Minute, SeriesKey Series, OperationStatus Outcome), Rollup>();
        var hours = new Dictionary<(SeriesKey Series, OperationStatus Outcome), Rollup>();
        each((minute, series, outcome, seconds) =>
        {
            if (!minutes.TryGetValue((minute, series, outcome), out var rollup))
            {
                minutes.Add((minute, series, outcome), rollup = new());
            }

            rollup.Add(seconds);
            if (!hours.TryGetValue((series, outcome), out rollup))
            {
                hours.Add((series, outcome), rollup = new());
            }

            rollup.Add(seconds);
        });
        return Store.AddRollupsAsync(
            [
                .. minutes.Select(pair => new RollupDelta(RollupResolution.Minute, pair.Key.Minute, pair.Key.Series, pair.Key.Outcome, pair.Value)),
                .. hours.Select(pair => new RollupDelta(RollupResolution.Hour, hour, pair.Key.Series, pair.Key.Outcome, pair.Value)),
            ],
            [], cancellationToken);
    }

    public ValueTask DisposeAsync()
    {
        Database.Dispose();
        Microsoft.Data.Sqlite.SqliteConnection.ClearAllPools();
        Directory.Delete(_folder, recursive: true);
        return ValueTask.CompletedTask;
    }
}
