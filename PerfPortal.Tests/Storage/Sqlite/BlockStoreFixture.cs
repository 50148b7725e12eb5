using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Time.Testing;
using PerfPortal.Domain.Journal;
using PerfPortal.Domain.Operations;
using PerfPortal.Domain.Statistics;
using PerfPortal.Server.Storage;
using PerfPortal.Server.Storage.Blocks;
using PerfPortal.Server.Storage.Sqlite;
using Xunit;

namespace PerfPortal.Tests.Storage.Sqlite;

/// <summary>An SQLite store of its own for each test, on a clock that the test turns.</summary>
public abstract class BlockStoreFixture : IAsyncLifetime
{
    private protected static readonly DateTimeOffset Noon = new(2026, 3, 4, 12, 0, 0, TimeSpan.Zero);
    private protected static readonly TimeRange Always = new(DateTimeOffset.UnixEpoch, new(2200, 1, 1, 0, 0, 0, TimeSpan.Zero));

    private readonly string _folder = Path.Combine(Path.GetTempPath(), "perfportal-tests", Guid.NewGuid().ToString("N"));

    private protected FakeTimeProvider Time { get; } = new(Noon);

    private protected NameDirectory Names { get; private set; } = new();

    private protected SqliteDatabase Database { get; private set; } = null!;

    private protected SqliteJournalStore Store { get; private set; } = null!;

    private protected SqliteOperationReader Reader { get; private set; } = null!;

    private protected SqlitePacker Packer { get; private set; } = null!;

    private protected string DatabaseFile => Path.Combine(_folder, "perfportal.db");

    /// <summary>After how many ids a generation is full, from the next opening on.</summary>
    private protected int MaxIds { get; set; } = RecentIds.MaxItems;

    private protected static CancellationToken Token => TestContext.Current.CancellationToken;

    private protected IReadOnlyList<long> BlockIds => [.. Database.Blocks.Directory.All.Select(block => block.Id)];

    public async ValueTask InitializeAsync()
    {
        Directory.CreateDirectory(_folder);
        await OpenAsync();
    }

    public ValueTask DisposeAsync()
    {
        Database.Dispose();
        SqliteConnection.ClearAllPools();
        Directory.Delete(_folder, recursive: true);
        GC.SuppressFinalize(this);
        return ValueTask.CompletedTask;
    }

    /// <summary>Forgets everything but the file, as a new process does.</summary>
    private protected async Task ReopenAsync()
    {
        Database.Dispose();
        await OpenAsync();
    }

    private protected static Operation Op(
        double endSeconds, double durationSeconds = 1, string name = "load", string source = "host-a", MetricType type = MetricType.ModelOperation,
        OperationStatus status = OperationStatus.Succeeded, Guid? id = null)
    {
        var end = Noon + Microseconds.FromSeconds(endSeconds);
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

    private protected Task<IReadOnlyList<EntryResult>> EndAsync(params IEnumerable<Operation> operations) =>
        Store.CommitAsync([.. operations.Select(operation => new OperationEnded(operation))], Token).AsTask();

    private protected async Task<List<Operation>> ScanAsync(TimeRange? range = null, OperationFilter? filter = null)
    {
        var found = new List<Operation>();
        await Reader.ScanAsync(range ?? Always, filter ?? new(), operation =>
        {
            found.Add(operation);
            return true;
        }, Token);
        return found;
    }

    private protected int PackAll()
    {
        int packed = 0;
        for (int step; (step = Packer.Step(everything: true, Token)) > 0; packed += step)
        {
        }

        return packed;
    }

    private protected async Task ExecuteAsync(string sql)
    {
        await using var connection = new SqliteConnection($"Data Source={DatabaseFile};Pooling=false");
        await connection.OpenAsync(Token);
        await using var command = connection.CreateCommand();
        command.CommandText = sql;
        await command.ExecuteNonQueryAsync(Token);
    }

    private async Task OpenAsync()
    {
        Names = new();
        Database = new(DatabaseFile, Names, Time, maxIds: MaxIds);
        await Database.MigrateAsync(Token);
        await using (var context = Database.CreateContext())
        {
            await Names.LoadAsync(context, Token);
        }

        Store = new(Database, Time);
        Reader = new(Database);
        Packer = new(Database, new(Time, new(_ => 1_000_000, 1_000_000, 1_000_000, 1_000_000)), Time);
    }
}
