using PerfPortal.Domain.Journal;
using PerfPortal.Domain.Operations;
using PerfPortal.Domain.Resources;
using PerfPortal.Server.Storage;
using PerfPortal.Server.Storage.Sqlite;
using PerfPortal.Tests.Contract;
using Xunit;

namespace PerfPortal.Tests.Storage.Sqlite;

/// <summary>Random histories: a file from which a source was removed answers like one in which it never reported.</summary>
public sealed class SourceRemovalPropertyTests : IDisposable
{
    private static readonly DateTimeOffset Start = new(2026, 3, 1, 6, 0, 0, TimeSpan.Zero);
    private static readonly string[] Sources = ["alpha", "beta", "gamma", "gone"];

    private readonly string _folder = Directory.CreateTempSubdirectory("perfportal-removal-").FullName;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(5)]
    [InlineData(6)]
    public async Task A_removed_source_leaves_what_a_file_without_it_contains(int seed)
    {
        using var whole = await Side.OpenAsync(Path.Combine(_folder, "whole.db"));
        using var without = await Side.OpenAsync(Path.Combine(_folder, "without.db"));
        var random = new Random(seed);
        int? removedAt = null;
        for (int round = 0; round < 12; round++)
        {
            var entries = Enumerable.Range(0, random.Next(1, 60)).Select(_ => Entry(random, round)).ToList();
            bool isRemoved = removedAt is not null;
            await whole.ReportAsync([.. entries.Where(entry => !isRemoved || SourceOf(entry) != "gone")]);
            await without.ReportAsync([.. entries.Where(entry => SourceOf(entry) != "gone")]);
            bool packs = random.Next(3) == 0;
            if (removedAt is null && round > 3 && random.Next(4) == 0)
            {
                removedAt = round;
                await whole.Removal.HideSourceAsync("gone", Token);
            }

            for (int step = random.Next(4); isRemoved && step > 0; step--)
            {
                await whole.Removal.DeleteHiddenAsync(Token);
            }

            if (packs)
            {
                // Minutes of hours are merged only when no removal is under way, so both are packed only then.
                bool isUnderWay = whole.Database.Names.Sources.Hidden.Count > 0;
                whole.Pack(isUnderWay);
                without.Pack(isUnderWay);
            }
        }

        if (removedAt is null)
        {
            await whole.Removal.HideSourceAsync("gone", Token);
        }

        Assert.Equal(await without.AnswersAsync(), await whole.AnswersAsync());
        while (await whole.Removal.DeleteHiddenAsync(Token) is not null)
        {
        }

        Assert.Equal(await without.AnswersAsync(), await whole.AnswersAsync());
        whole.Pack(false);
        without.Pack(false);
        Assert.Equal(await without.AnswersAsync(), await whole.AnswersAsync());
        Assert.Equal(without.Database.Names.Names.All.Order(StringComparer.Ordinal), whole.Database.Names.Names.All.Order(StringComparer.Ordinal));
        whole.Database.Dispose();
        using var reopened = await Side.OpenAsync(Path.Combine(_folder, "whole.db"));
        Assert.Equal(await without.AnswersAsync(), await reopened.AnswersAsync());
    }

    public void Dispose()
    {
        try
        {
            Directory.Delete(_folder, recursive: true);
        }
        catch (IOException)
        {
            // A pooled connection may hold a file.
        }
    }

    private static string SourceOf(JournalEntry entry) => entry switch
    {
        OperationEnded { Operation: var operation } => operation.Source,
        OperationRunning { Operation: var operation } => operation.Source,
        SampleTaken { Sample: var sample } => sample.Source,
        _ => "",
    };

    private static JournalEntry Entry(Random random, int round)
    {
        string source = Sources[random.Next(Sources.Length)];
        byte[] id = new byte[16];
        random.NextBytes(id);
        var at = Start.AddHours(round).AddSeconds(random.Next(5_400));
        var operation = new Operation
        {
            Id = new(id),
            MetricType = (MetricType)random.Next(6),
            Name = random.Next(3) == 0 ? source + " " + random.Next(3) : "shared " + random.Next(4),
            Source = source,
            Status = (OperationStatus)random.Next(1, 5),
            StartTime = at,
            EndTime = at.AddMilliseconds(random.Next(20_000)),
            Metadata = Metadata.Empty.With([new("tokens", MetadataValue.From(random.Next(1_000)))]),
        };
        return random.Next(8) switch
        {
            0 => new SampleTaken(new(source, at) { [ResourceMetric.CpuPercent] = random.Next(100) }, TimeSpan.FromSeconds(30)),
            1 => new OperationRunning(operation with { EndTime = null, Status = OperationStatus.Running }),
            _ => new OperationEnded(operation),
        };
    }

    /// <summary>One file with what reads and writes it.</summary>
    private sealed class Side : IDisposable
    {
        private readonly SqliteJournalStore _store;
        private readonly RollupBuffer _rollups = new(TimeProvider.System);

        private Side(SqliteDatabase database)
        {
            Database = database;
            _store = new(database, TimeProvider.System);
            Removal = new(database);
        }

        public SqliteDatabase Database { get; }

        public SqliteSourceStore Removal { get; }

        public static async Task<Side> OpenAsync(string file)
        {
            var names = new NameDirectory();
            var database = new SqliteDatabase(file, names, TimeProvider.System);
            await database.MigrateAsync(Token);
            await ((IPortalDatabase)database).LoadNamesAsync(names, Token);
            return new(database);
        }

        public async Task ReportAsync(IReadOnlyList<JournalEntry> entries)
        {
            await _store.CommitAsync(entries, Token);
            foreach (var entry in entries.OfType<OperationEnded>())
            {
                _rollups.Add(entry.Operation);
            }

            await _rollups.FlushAsync(_store, Token);
        }

        public void Pack(bool areBlocksOnly)
        {
            var packer = new SqlitePacker(Database, new(TimeProvider.System, new(_ => 24 * 365, 24 * 365, 24 * 365, 24 * 365)), TimeProvider.System);
            while (packer.Step(everything: true, Token) > 0)
            {
            }

            while (!areBlocksOnly && Database.PackRollups(Start.AddHours(8), Start.AddHours(5), Token))
            {
            }
        }

        public Task<string> AnswersAsync() =>
            StoreAnswers.OfAsync(new SqliteOperationReader(Database), new SqliteResourceReader(Database), Sources, Token);

        public void Dispose() => Database.Dispose();
    }
}
