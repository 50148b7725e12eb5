using Microsoft.Data.Sqlite;
using PerfPortal.Domain.Journal;
using PerfPortal.Domain.Operations;
using PerfPortal.Server.Storage;
using PerfPortal.Server.Storage.Blocks;
using PerfPortal.Server.Storage.Sqlite;
using Xunit;

namespace PerfPortal.Tests.Storage.Sqlite;

public sealed class SqliteBlockStoreTests : BlockStoreFixture
{
    [Fact]
    public async Task Packing_keeps_every_operation_as_it_is()
    {
        var all = Enumerable.Range(0, 9_000).Select(i => Op(i, i % 50, $"name {i % 7}", $"host {i % 3}") with
        {
            Metadata = Metadata.Of([new("tokens", MetadataValue.From((long)i)), new("model", MetadataValue.From($"m{i % 4}"))]),
        }).ToList();
        foreach (var part in all.Chunk(100))
        {
            await EndAsync(part);
        }

        Assert.Equal(90, BlockIds.Count);
        Assert.Equal(all.Count, PackAll());
        Assert.InRange(BlockIds.Count, 3, 6);
        Assert.All(Database.Blocks.Directory.All, block => Assert.Equal(BlockState.Packed, block.State));
        for (int round = 0; round < 2; round++)
        {
            var found = await ScanAsync();
            Assert.Equal(all.Select(operation => operation.Id).Reverse(), found.Select(operation => operation.Id));
            Assert.Equal(all[^1].Metadata, found[0].Metadata);
            Assert.Equal(all[17].Name, (await Reader.FindAsync(all[17].Id, Token))!.Name);
            Assert.All(await EndAsync(all[..50]), result => Assert.Equal(EntryOutcome.Duplicate, result.Outcome));
            await ReopenAsync();
        }

        Assert.Equal(0, PackAll());
    }

    [Fact]
    public async Task What_is_quiet_is_packed_and_what_is_recent_is_not()
    {
        for (int i = 0; i < 20; i++)
        {
            await EndAsync(Op(-7_200 + i), Op(-60 + i));
        }

        // Each block reaches into the last hour; nothing of it is quiet.
        Assert.Equal(0, Packer.Step(everything: false, Token));
        Time.Advance(SqlitePacker.Quiet);
        Assert.Equal(40, Packer.Step(everything: false, Token));
        Assert.Single(BlockIds);
    }

    [Fact]
    public async Task A_few_late_operations_wait_a_day_before_they_are_packed_alone()
    {
        await EndAsync(Op(-90_000));
        Assert.Equal(0, Packer.Step(everything: false, Token));
        Time.Advance(TimeSpan.FromHours(25));
        Assert.Equal(1, Packer.Step(everything: false, Token));
        Assert.Equal(0, Packer.Step(everything: false, Token));
    }

    [Fact]
    public async Task A_resend_within_a_day_counts_once_whatever_times_it_carries()
    {
        var first = Op(0);
        await EndAsync(first);
        PackAll();
        Time.Advance(TimeSpan.FromHours(23));
        await ReopenAsync();
        Assert.Equal(EntryOutcome.Duplicate, (await EndAsync(Op(5_000, 77, id: first.Id)))[0].Outcome);
        Assert.Single(await ScanAsync());
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_resend_after_days_is_recognised_by_its_end(bool isPacked)
    {
        var first = Op(0);
        await EndAsync(first, Op(10), Op(-10));
        if (isPacked)
        {
            PackAll();
        }

        Time.Advance(TimeSpan.FromDays(4));
        await ReopenAsync();
        Assert.Equal(0, Database.Blocks.Ids.Count);
        Assert.Equal(EntryOutcome.Duplicate, (await EndAsync(first))[0].Outcome);
        Assert.Equal(first.Id, (await Reader.FindAsync(first.Id, Token))?.Id);
        Assert.Equal(3, (await ScanAsync()).Count);
    }

    [Fact]
    public async Task Ids_are_forgotten_after_two_days_at_most()
    {
        await EndAsync(Op(0));
        Assert.Equal(1, Database.Blocks.Ids.Count);
        for (int hours = 0; hours < 72; hours += 24)
        {
            Time.Advance(TimeSpan.FromHours(24));
            await EndAsync(Op((hours + 24) * 3600));
        }

        Assert.InRange(Database.Blocks.Ids.Count, 1, 3);
        Assert.Equal(4, (await ScanAsync()).Count);
    }

    [Fact]
    public async Task A_new_id_is_looked_for_only_where_its_start_may_lie()
    {
        MaxIds = 100;
        await ReopenAsync();
        var all = Enumerable.Range(0, 400).Select(i => Op(i)).ToList();
        foreach (var part in all.Chunk(50))
        {
            Time.Advance(TimeSpan.FromSeconds(1));
            await EndAsync(part);
        }

        var known = all[120];
        Assert.Equal(known.Id, (await Reader.FindAsync(known.Id, known.StartTime, Token))?.Id);

        // A block that is looked at is found to be damaged.
        await ExecuteAsync("UPDATE operation_blocks SET data = zeroblob(length(data)) WHERE id = (SELECT min(id) FROM operation_blocks)");
        await ReopenAsync();
        var later = Noon.AddSeconds(399);
        Assert.Null(await Reader.FindAsync(Guid.NewGuid(), later, Token));
        Assert.Null(await Reader.FindAsync(Guid.CreateVersion7(later), later, Token));
        Assert.Equal(0, Database.Blocks.Damaged);
        Assert.Null(await Reader.FindAsync(Guid.NewGuid(), Token));
        Assert.Equal(1, Database.Blocks.Damaged);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Ids_that_were_crowded_out_are_recognised_by_their_end(bool isReopened)
    {
        MaxIds = 100;
        await ReopenAsync();
        var all = Enumerable.Range(0, 1_000).Select(i => Op(i, id: OperationIds.Next(Noon.AddSeconds(i - 1)))).ToList();
        foreach (var part in all.Chunk(50))
        {
            await EndAsync(part);
            Time.Advance(TimeSpan.FromSeconds(50));
            if (part[0] == all[450] || part[0] == all[700])
            {
                PackAll();
            }
        }

        foreach (var operation in all)
        {
            Assert.Equal(operation.Id, (await Reader.FindAsync(operation.Id, Token))?.Id);
        }

        if (isReopened)
        {
            await ReopenAsync();
        }

        Assert.Null(await Reader.FindAsync(Guid.NewGuid(), Token));
        Assert.InRange(Database.Blocks.Ids.Count, 50, 1_000);
        Assert.All(await EndAsync(all), result => Assert.Equal(EntryOutcome.Duplicate, result.Outcome));
        Assert.Equal(EntryOutcome.Duplicate, (await EndAsync(Op(5_000, id: all[^1].Id)))[0].Outcome);
        Assert.Equal(1_000, (await ScanAsync()).Count);
        Assert.Equal(all[3].EndTime, (await Reader.FindAsync(all[3].Id, Token))?.EndTime);
    }

    [Fact]
    public async Task After_a_reload_what_is_no_longer_held_is_recognised_by_its_end()
    {
        MaxIds = 100;
        await ReopenAsync();
        var all = Enumerable.Range(0, 400).Select(i => Op(i)).ToList();
        foreach (var part in all.Chunk(50))
        {
            await EndAsync(part);
            Time.Advance(TimeSpan.FromSeconds(50));
        }

        Assert.All(await EndAsync(all), result => Assert.Equal(EntryOutcome.Duplicate, result.Outcome));
        await using (var connection = new SqliteConnection($"Data Source={DatabaseFile};Pooling=false"))
        {
            await connection.OpenAsync(Token);
            Database.Blocks.Load(connection);
        }

        Assert.All(await EndAsync(all), result => Assert.Equal(EntryOutcome.Duplicate, result.Outcome));
    }

    [Fact]
    public async Task What_was_stored_by_a_clock_that_went_back_is_recognised_before_it_is_packed()
    {
        const int Day = 86_400;
        await EndAsync(Op(-2 * Day));
        Time.AdjustTime(Noon.AddDays(-3));
        var late = Op((-3 * Day) + 10);
        Assert.Equal(EntryOutcome.Stored, (await EndAsync(late))[0].Outcome);
        Assert.Equal(EntryOutcome.Duplicate, (await EndAsync(late))[0].Outcome);
    }

    [Fact]
    public async Task A_late_completion_is_taken_out_of_a_packed_block()
    {
        var abandoned = Op(30, status: OperationStatus.Abandoned);
        var others = Enumerable.Range(0, 200).Select(i => Op(i)).ToList();
        await EndAsync([.. others, abandoned]);
        PackAll();
        var completed = Op(400, 371, id: abandoned.Id);
        Assert.Equal(EntryOutcome.ReplacedAbandoned, (await EndAsync(completed))[0].Outcome);
        await ReopenAsync();
        var found = await ScanAsync();
        Assert.Equal(201, found.Count);
        Assert.Equal(OperationStatus.Succeeded, found.Single(operation => operation.Id == abandoned.Id).Status);
    }

    [Fact]
    public async Task A_failed_transaction_leaves_nothing_behind()
    {
        await EndAsync(Op(0));
        var taken = Op(1);
        Assert.Throws<InvalidOperationException>(() => Database.Write<int>((writer, change) =>
        {
            writer.InsertBlock([taken], BlockState.Fresh, 0, change);
            throw new InvalidOperationException("after the block");
        }));
        Assert.Single(await ScanAsync());
        Assert.Equal(EntryOutcome.Stored, (await EndAsync(taken))[0].Outcome);
        await ReopenAsync();
        Assert.Equal(2, (await ScanAsync()).Count);
    }

    [Fact]
    public async Task A_damaged_block_is_passed_over_said_and_not_packed()
    {
        await EndAsync(Enumerable.Range(0, 300).Select(i => Op(i)));
        var good = Enumerable.Range(0, 100).Select(i => Op(1_000 + i)).ToList();
        await EndAsync(good);
        Database.Dispose();
        await ExecuteAsync("UPDATE operation_blocks SET data = randomblob(length(data)) WHERE id = 1");
        await ReopenAsync();
        Assert.Equal(good.Count, (await ScanAsync()).Count);
        Assert.Equal(1, Database.Blocks.Damaged);
        Assert.Equal(EntryOutcome.Stored, (await EndAsync(Op(5_000)))[0].Outcome);
        PackAll();
        Assert.Contains(1, BlockIds);
        Assert.Equal(good.Count + 1, (await ScanAsync()).Count);
    }

    [Fact]
    public async Task A_purge_takes_one_type_out_of_blocks_that_hold_others()
    {
        await EndAsync(Enumerable.Range(0, 500).Select(i => Op(i, type: i % 2 == 0 ? MetricType.HealthCheck : MetricType.ModelOperation)));
        PackAll();
        int purged = await Database.PurgeAsync(new(PurgeKind.Operations, (byte)MetricType.HealthCheck, Noon.AddSeconds(250), 8_192), Token);
        Assert.Equal(125, purged);
        await ReopenAsync();
        var left = await ScanAsync();
        Assert.Equal(375, left.Count);
        Assert.All(left.Where(operation => operation.MetricType == MetricType.HealthCheck), operation => Assert.True(operation.EndTime >= Noon.AddSeconds(250)));
    }

    [Fact]
    public async Task A_second_portal_does_not_open_the_same_file()
    {
        await EndAsync(Op(0));
        using var second = new SqliteDatabase(DatabaseFile, new NameDirectory(), Time);
        var refused = await Assert.ThrowsAsync<DatabaseOwnedException>(() => new SqliteJournalStore(second, Time).CommitAsync([new OperationEnded(Op(1))], Token).AsTask());
        Assert.Contains(FormattableString.Invariant($"process {Environment.ProcessId} on {Environment.MachineName}"), refused.Message, StringComparison.Ordinal);
        Assert.Single(await ScanAsync());
    }

    [Fact]
    public async Task Thinning_keeps_failures_the_slowest_and_a_share()
    {
        var horizons = new RetentionHorizons(Time, new(_ => 1_000, 1_000, 1_000, 1_000, new(AfterHours: 24, Share: 0.1, SlowestShare: 0.01)));
        var packer = new SqlitePacker(Database, horizons, Time);
        var all = Enumerable.Range(0, 4_000).Select(i => Op(i / 10.0, 1 + (i % 400), status: i % 50 == 0 ? OperationStatus.Failed : OperationStatus.Succeeded)).ToList();
        await EndAsync(all);
        PackAll();
        Assert.Equal(0, packer.Thin(Token));
        Time.Advance(TimeSpan.FromHours(26));
        Assert.Equal(all.Count, packer.Thin(Token));
        Assert.Equal(0, packer.Thin(Token));
        await ReopenAsync();
        var left = await ScanAsync();
        Assert.Equal(80, left.Count(operation => operation.Status == OperationStatus.Failed));
        Assert.InRange(left.Count(operation => operation.Status == OperationStatus.Succeeded), 320, 540);
        var slowest = all.Where(operation => operation.Status == OperationStatus.Succeeded).Max(operation => operation.Duration);
        Assert.Contains(left, operation => operation.Duration == slowest);
        Assert.All(Database.Blocks.Directory.All, block => Assert.Equal(BlockState.Thinned, block.State));
    }

    [Fact]
    public async Task Readers_see_whole_commits_while_blocks_are_packed()
    {
        var writing = Task.Run(async () =>
        {
            for (int i = 0; i < 60; i++)
            {
                await EndAsync(Enumerable.Range(0, 10).Select(j => Op((i * 10) + j)));
                if (i % 10 == 9)
                {
                    PackAll();
                }
            }
        }, Token);
        while (!writing.IsCompleted)
        {
            Assert.Equal(0, (await ScanAsync()).Count % 10);
        }

        await writing;
        Assert.Equal(600, (await ScanAsync()).Count);
    }
}
