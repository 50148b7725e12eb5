using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using PerfPortal.Domain.Journal;
using PerfPortal.Domain.Operations;
using PerfPortal.Domain.Statistics;
using PerfPortal.Server.Storage;
using PerfPortal.Server.Storage.Sqlite;
using Xunit;

namespace PerfPortal.Tests.Storage.Sqlite;

/// <summary>What goes wrong with a database file, made to happen; what was acknowledged must be there, once.</summary>
public sealed class SqliteFaultTests
{
    private static readonly DateTimeOffset Noon = new(2026, 3, 4, 12, 0, 0, TimeSpan.Zero);
    private static readonly TimeRange Always = new(DateTimeOffset.UnixEpoch, new(2200, 1, 1, 0, 0, 0, TimeSpan.Zero));

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_database_that_another_locks_makes_reports_wait_and_loses_none()
    {
        using var folder = new Folder();
        using var portal = await Portal.OpenAsync(folder.Path, lockTimeoutSeconds: 1);
        await portal.ReportAsync(10);
        await using var other = new SqliteConnection($"Data Source={portal.File};Pooling=false");
        await other.OpenAsync(Token);
        await ExecuteAsync(other, "BEGIN IMMEDIATE");
        var waiting = portal.ReportAsync(100);
        await portal.UntilAsync(status => status.FailingSince is not null);
        Assert.False(waiting.IsCompleted);
        await ExecuteAsync(other, "ROLLBACK");
        await waiting;
        await portal.CheckAsync(110);
        Assert.Null(portal.Journal.Status.FailingSince);
    }

    [Fact]
    public async Task A_full_disk_makes_reports_wait_and_loses_none()
    {
        using var disk = SmallDisk.Mount(16);
        using var portal = await Portal.OpenAsync(disk.Path, lockTimeoutSeconds: 1);
        await portal.ReportAsync(2_000);
        string filler = disk.Fill();
        var waiting = Enumerable.Range(0, 40).Select(_ => portal.ReportAsync(500)).ToList();
        await portal.UntilAsync(status => status.FailingSince is not null);
        File.Delete(filler);
        await Task.WhenAll(waiting);
        await portal.CheckAsync(22_000);
    }

    [Fact]
    public async Task A_full_disk_is_told_apart_from_a_database_that_is_away_and_a_probe_finds_room_again()
    {
        using var disk = SmallDisk.Mount(16);
        using var portal = await Portal.OpenAsync(disk.Path, lockTimeoutSeconds: 1);
        await portal.ReportAsync(100);
        var store = new SqliteJournalStore(portal.Database, TimeProvider.System);
        await store.ProbeAsync(Token);
        string filler = disk.Fill();
        _ = portal.ReportAsync(5_000);
        await portal.UntilAsync(status => status.FailingSince is not null);
        Assert.Equal(StoreFailureKind.DiskFull, portal.Journal.Status.FailureKind);
        File.Delete(filler);
        await store.ProbeAsync(Token);
        await portal.UntilAsync(status => status.IsHealthy);
        await portal.CheckAsync(5_100);

        using var folder = new Folder();
        using var other = await Portal.OpenAsync(folder.Path, lockTimeoutSeconds: 1);
        Assert.Equal(StoreFailureKind.Unavailable, new SqliteJournalStore(other.Database, TimeProvider.System).Classify(new SqliteException("locked", 5)));
    }

    [Fact]
    public async Task A_commit_that_is_cancelled_stores_nothing()
    {
        using var folder = new Folder();
        using var portal = await Portal.OpenAsync(folder.Path, lockTimeoutSeconds: 1);
        var store = new SqliteJournalStore(portal.Database, TimeProvider.System);
        await Assert.ThrowsAsync<OperationCanceledException>(() => store.CommitAsync([new OperationEnded(Op(1))], new(canceled: true)).AsTask());
        await portal.ReportAsync(10);
        await portal.CheckAsync(10);
    }

    [Fact]
    public async Task A_disk_that_is_read_only_at_the_start_is_waited_for()
    {
        using var disk = SmallDisk.Mount(16);
        IReadOnlyList<Operation> taken;
        using (var before = await Portal.OpenAsync(disk.Path, lockTimeoutSeconds: 1))
        {
            await before.ReportAsync(300);
            await before.CloseAsync();
            taken = before.Taken;
        }

        disk.SetReadOnly(true);
        using var database = new SqliteDatabase(Path.Combine(disk.Path, Portal.FileName), new NameDirectory(), TimeProvider.System, 1);
        var refused = await Assert.ThrowsAnyAsync<Exception>(() => new SqliteJournalStore(database, TimeProvider.System).CommitAsync([new OperationEnded(Op(1))], Token).AsTask());
        Assert.True(database.IsTransient(refused), refused.ToString());
        disk.SetReadOnly(false);
        using var portal = await Portal.OpenAsync(disk.Path, lockTimeoutSeconds: 1, taken);
        await portal.ReportAsync(100);
        await portal.CheckAsync(400);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task What_held_though_it_was_said_to_have_failed_counts_once(bool isCommit)
    {
        using var folder = new Folder();
        var doubtful = new Doubtful { FailsCommit = isCommit, FailsFlush = !isCommit };
        using var portal = await Portal.OpenAsync(folder.Path, lockTimeoutSeconds: 1, wrap: doubtful.Around);
        await portal.ReportAsync(200);
        await portal.UntilAsync(_ => doubtful.HasFailed);
        await portal.ReportAsync(100);
        await portal.CheckAsync(300);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task A_last_write_that_was_torn_takes_nothing_with_it(int seed)
    {
        using var folder = new Folder();
        using var portal = await Portal.OpenAsync(folder.Path, lockTimeoutSeconds: 1);
        for (int i = 0; i < 5; i++)
        {
            await portal.ReportAsync(200);
        }

        string log = portal.File + "-wal";
        long acknowledged = new FileInfo(log).Length;
        await portal.ReportAsync(200);
        byte[] database = ReadShared(portal.File);
        byte[] whole = ReadShared(log);
        Assert.True(whole.Length > acknowledged, "The write-ahead log was expected to grow.");
        var random = new Random(seed);
        for (int cut = 0; cut < 4; cut++)
        {
            // The power went while the last commit was on its way: its frames are there in part, and the rest is rubbish.
            using var torn = new Folder();
            long kept = acknowledged + random.NextInt64(whole.Length - acknowledged);
            byte[] rubbish = new byte[random.Next(9_000)];
            random.NextBytes(rubbish);
            await File.WriteAllBytesAsync(Path.Combine(torn.Path, Portal.FileName), database, Token);
            await File.WriteAllBytesAsync(Path.Combine(torn.Path, Portal.FileName + "-wal"), [.. whole.AsSpan(0, (int)kept), .. rubbish], Token);
            using var after = await Portal.OpenAsync(torn.Path, lockTimeoutSeconds: 1, portal.Taken.Take(1_000));
            Assert.Equal("ok", await after.IntegrityAsync());
            await after.ReportAsync(50);
            await after.CheckAsync(1_050);
        }
    }

    [Fact]
    public async Task A_clock_that_jumps_counts_nothing_twice_and_loses_nothing()
    {
        using var folder = new Folder();
        var clock = new FakeTimeProvider(Noon);
        using var database = new SqliteDatabase(Path.Combine(folder.Path, Portal.FileName), new NameDirectory(), clock);
        await database.MigrateAsync(Token);
        var store = new SqliteJournalStore(database, clock);
        var reader = new SqliteOperationReader(database);
        var packer = new SqlitePacker(database, new(clock, new(_ => 1_000, 1_000, 1_000, 1_000)), clock);
        var sent = new List<Operation>();
        foreach (int days in (int[])[0, -3, 10, -10, 4000, 0, 1, 2])
        {
            clock.AdjustTime(Noon.AddDays(days));
            var batch = Enumerable.Range(0, 50).Select(i => Op((days * 86_400) + i)).ToList();
            sent.AddRange(batch);
            Assert.All(await store.CommitAsync([.. batch.Select(operation => new OperationEnded(operation))], Token), result => Assert.Equal(EntryOutcome.Stored, result.Outcome));
            while (packer.Step(everything: true, Token) > 0)
            {
            }

            Assert.All(await store.CommitAsync([.. sent.Select(operation => new OperationEnded(operation))], Token), result => Assert.Equal(EntryOutcome.Duplicate, result.Outcome));
        }

        int count = 0;
        await reader.ScanAsync(Always, new(), _ => ++count > 0, Token);
        Assert.Equal(sent.Count, count);
    }

    [Fact]
    public async Task A_block_that_is_damaged_within_is_noticed_and_leaves_the_rest()
    {
        using var folder = new Folder();
        using (var portal = await Portal.OpenAsync(folder.Path, lockTimeoutSeconds: 1))
        {
            for (int i = 0; i < 30; i++)
            {
                await portal.ReportAsync(500);
            }

            await portal.CloseAsync();
        }

        string file = Path.Combine(folder.Path, Portal.FileName);
        await using (var connection = new SqliteConnection($"Data Source={file};Pooling=false"))
        {
            await connection.OpenAsync(Token);
            await ExecuteAsync(connection, "UPDATE operation_blocks SET data = CAST(substr(data, 1, 200) || randomblob(length(data) - 200) AS BLOB) WHERE id = 7");
        }

        using var after = await Portal.OpenAsync(folder.Path, lockTimeoutSeconds: 1);
        int found = 0;
        await after.Reader.ScanAsync(Always, new(), _ => ++found > 0, Token);
        Assert.Equal(29 * 500, found);
        Assert.Equal(1, after.Database.Blocks.Damaged);
        await after.ReportAsync(10);
    }

    private static Operation Op(double endSeconds) => new()
    {
        Id = Guid.NewGuid(),
        MetricType = MetricType.ModelOperation,
        Name = "load",
        Source = "host",
        Status = OperationStatus.Succeeded,
        StartTime = Noon.AddSeconds(endSeconds - 1),
        EndTime = Noon.AddSeconds(endSeconds),
    };

    private static byte[] ReadShared(string path)
    {
        using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        byte[] bytes = new byte[file.Length];
        file.ReadExactly(bytes);
        return bytes;
    }

    private static async Task ExecuteAsync(SqliteConnection connection, string sql)
    {
        await using var command = connection.CreateCommand();
        command.CommandText = sql;
        await command.ExecuteNonQueryAsync(Token);
    }

    private sealed class Folder : IDisposable
    {
        public string Path { get; } = Directory.CreateTempSubdirectory("perfportal-fault-").FullName;

        public void Dispose()
        {
            SqliteConnection.ClearAllPools();
            Directory.Delete(Path, recursive: true);
        }
    }

    /// <summary>A store whose first commit or flush holds and is said to have failed.</summary>
    private sealed class Doubtful : IJournalStore
    {
        private IJournalStore _store = null!;

        public bool FailsCommit { get; set; }

        public bool FailsFlush { get; set; }

        public bool HasFailed { get; private set; }

        public Doubtful Around(IJournalStore store)
        {
            _store = store;
            return this;
        }

        public async ValueTask<IReadOnlyList<EntryResult>> CommitAsync(IReadOnlyList<JournalEntry> entries, CancellationToken cancellationToken)
        {
            var results = await _store.CommitAsync(entries, cancellationToken);
            return FailsCommit && !HasFailed ? throw Fail() : results;
        }

        public async ValueTask AddRollupsAsync(IReadOnlyList<RollupDelta> deltas, IReadOnlyCollection<long> cleanMinutes, CancellationToken cancellationToken)
        {
            await _store.AddRollupsAsync(deltas, cleanMinutes, cancellationToken);
            if (FailsFlush && !HasFailed)
            {
                throw Fail();
            }
        }

        public ValueTask<IReadOnlyList<long>> ReadDirtyMinutesAsync(CancellationToken cancellationToken) => _store.ReadDirtyMinutesAsync(cancellationToken);

        public ValueTask RebuildRollupsAsync(IReadOnlyList<long> minutes, CancellationToken cancellationToken) => _store.RebuildRollupsAsync(minutes, cancellationToken);

        public bool IsTransient(Exception exception) => _store.IsTransient(exception);

        private UncertainCommitException Fail()
        {
            HasFailed = true;
            return new(new SqliteException("disk I/O error", 10));
        }
    }

    /// <summary>A database with its journal, and all that it has acknowledged.</summary>
    private sealed class Portal : IDisposable
    {
        public const string FileName = "perfportal.db";

        private readonly RollupBuffer _book = new(TimeProvider.System);
        private readonly List<Operation> _taken;
        private readonly Lock _lock = new();
        private Task _run = Task.CompletedTask;
        private int _next;

        private Portal(string folder, int lockTimeoutSeconds, IEnumerable<Operation> taken, Func<IJournalStore, IJournalStore>? wrap)
        {
            File = System.IO.Path.Combine(folder, FileName);
            Database = new(File, new NameDirectory(), TimeProvider.System, lockTimeoutSeconds);
            var store = new SqliteJournalStore(Database, TimeProvider.System);
            Store = wrap?.Invoke(store) ?? store;
            Reader = new(Database);
            Journal = new(Store, _book, [], TimeProvider.System, NullLogger<OperationJournal>.Instance);
            _taken = [.. taken];
        }

        public string File { get; }

        public SqliteDatabase Database { get; }

        public SqliteOperationReader Reader { get; }

        public OperationJournal Journal { get; }

        public IReadOnlyList<Operation> Taken => _taken;

        private IJournalStore Store { get; }

        public static async Task<Portal> OpenAsync(
            string folder, int lockTimeoutSeconds, IEnumerable<Operation>? taken = null, Func<IJournalStore, IJournalStore>? wrap = null)
        {
            var portal = new Portal(folder, lockTimeoutSeconds, taken ?? [], wrap);
            await portal.Database.MigrateAsync(Token);
            await using (var context = portal.Database.CreateContext())
            {
                await portal.Database.Names.LoadAsync(context, Token);
            }

            var dirty = await portal.Store.ReadDirtyMinutesAsync(Token);
            if (dirty.Count > 0)
            {
                await portal.Store.RebuildRollupsAsync(dirty, Token);
            }

            portal._run = Task.Run(() => portal.Journal.RunAsync(Token), Token);
            return portal;
        }

        /// <summary>Reports operations until they are acknowledged, as a client that tries again does.</summary>
        public async Task ReportAsync(int count)
        {
            int first = Interlocked.Add(ref _next, count) - count;
            var operations = Enumerable.Range(first, count).Select(i => Op(i / 20.0) with { ErrorMessage = i % 3 == 0 ? $"{i} {Guid.NewGuid()} {Guid.NewGuid()}" : null }).ToList();
            while (true)
            {
                try
                {
                    await Journal.SubmitAsync([.. operations.Select(operation => new OperationEnded(operation))], Token);
                    break;
                }
                catch (JournalUnavailableException)
                {
                    await Task.Delay(50, Token);
                }
            }

            lock (_lock)
            {
                _taken.AddRange(operations);
            }
        }

        public async Task UntilAsync(Func<JournalStatus, bool> condition)
        {
            for (int i = 0; i < 600 && !condition(Journal.Status); i++)
            {
                await Task.Delay(50, Token);
            }

            Assert.True(condition(Journal.Status), Journal.Status.ToString());
        }

        /// <summary>Everything acknowledged is there once, in rows and in figures.</summary>
        public async Task CheckAsync(int expected)
        {
            await CloseAsync();
            var found = new List<Guid>();
            await Reader.ScanAsync(Always, new(), operation =>
            {
                found.Add(operation.Id);
                return true;
            }, Token);
            Assert.Equal(expected, _taken.Count);
            Assert.Equal(_taken.Select(operation => operation.Id).Order(), found.Order());
            var horizons = new RetentionHorizons(TimeProvider.System, new(_ => 1_000_000, 1_000_000, 1_000_000, 1_000_000));
            var answer = await new StatisticsReader(Reader, _book, horizons).ReadAsync(new(new(Noon.AddDays(-1), Noon.AddDays(1)), SeriesFilter.Everyone), Token);
            Assert.Equal(expected, answer.Total.Count);
        }

        public async Task CloseAsync()
        {
            Journal.Close();
            await _run;
        }

        public async Task<string> IntegrityAsync()
        {
            await using var connection = new SqliteConnection($"Data Source={File};Pooling=false");
            await connection.OpenAsync(Token);
            await using var command = connection.CreateCommand();
            command.CommandText = "PRAGMA integrity_check";
            return (string)(await command.ExecuteScalarAsync(Token))!;
        }

        public void Dispose()
        {
            Journal.Close();
            _run.Wait(TimeSpan.FromSeconds(30));
            Database.Dispose();
            SqliteConnection.ClearAllPools();
        }
    }
}
