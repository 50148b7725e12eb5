using PerfPortal.Domain.Journal;
using PerfPortal.Domain.Operations;
using PerfPortal.Server.Storage;
using PerfPortal.Server.Storage.Blocks;
using Xunit;

namespace PerfPortal.Tests.Storage.Sqlite;

/// <summary>An id is unique for as long as its operation is kept, however many came after it.</summary>
public sealed class SqliteUniqueIdTests : BlockStoreFixture
{
    [Theory]
    [InlineData(false, false)]
    [InlineData(true, false)]
    [InlineData(false, true)]
    [InlineData(true, true)]
    public async Task A_different_report_of_an_id_that_was_crowded_out_counts_once(bool isRandom, bool isReopened)
    {
        MaxIds = 100;
        await ReopenAsync();
        var all = Enumerable.Range(0, 1_000).Select(i => Op(i, id: isRandom ? Guid.NewGuid() : OperationIds.Next(Noon.AddSeconds(i - 1)))).ToList();
        foreach (var part in all.Chunk(50))
        {
            await EndAsync(part);
            Time.Advance(TimeSpan.FromSeconds(50));
        }

        PackAll();
        if (isReopened)
        {
            await ReopenAsync();
        }

        var others = all.Select((operation, i) => Op(100_000 + (i * 977), 5, name: "another", id: operation.Id)).ToList();
        Assert.All(await EndAsync(others), result => Assert.Equal(EntryOutcome.Duplicate, result.Outcome));
        Assert.Equal(1_000, (await ScanAsync()).Count);
        Assert.DoesNotContain(await ScanAsync(), operation => operation.Name == "another");
    }

    [Fact]
    public async Task New_ids_between_old_ones_are_stored()
    {
        MaxIds = 100;
        await ReopenAsync();
        foreach (var part in Enumerable.Range(0, 1_000).Select(i => Op(i)).Chunk(50))
        {
            await EndAsync(part);
            Time.Advance(TimeSpan.FromSeconds(50));
        }

        var late = Enumerable.Range(0, 500).Select(i => Op(i * 2, id: i % 2 == 0 ? Guid.NewGuid() : Guid.CreateVersion7(Noon.AddSeconds(i)))).ToList();
        Assert.All(await EndAsync(late), result => Assert.Equal(EntryOutcome.Stored, result.Outcome));
        Assert.All(await EndAsync(late), result => Assert.Equal(EntryOutcome.Duplicate, result.Outcome));
        Assert.Equal(1_500, (await ScanAsync()).Count);
    }

    [Fact]
    public async Task A_purged_id_is_free_again()
    {
        MaxIds = 10;
        await ReopenAsync();
        var first = Op(0);
        await EndAsync(first);
        foreach (var part in Enumerable.Range(1, 100).Select(i => Op(10_000 + i)).Chunk(10))
        {
            await EndAsync(part);
            Time.Advance(TimeSpan.FromSeconds(1));
        }

        Assert.Equal(EntryOutcome.Duplicate, (await EndAsync(Op(20_000, id: first.Id)))[0].Outcome);
        await Database.PurgeAsync(new(PurgeKind.Operations, (byte)first.MetricType, Noon.AddSeconds(5_000), 1_000), Token);
        Assert.Equal(EntryOutcome.Stored, (await EndAsync(Op(20_000, id: first.Id)))[0].Outcome);
    }

    [Fact]
    public async Task An_abandoned_operation_of_days_ago_is_completed_by_its_id_alone()
    {
        var abandoned = Op(30, status: OperationStatus.Abandoned);
        await EndAsync([.. Enumerable.Range(0, 200).Select(i => Op(i)), abandoned]);
        PackAll();
        Time.Advance(TimeSpan.FromDays(3));
        await ReopenAsync();
        Assert.Equal(0, Database.Blocks.Ids.Count);
        Assert.Equal(EntryOutcome.ReplacedAbandoned, (await EndAsync(Op(90_000, id: abandoned.Id)))[0].Outcome);
        Assert.Equal(201, (await ScanAsync()).Count);
    }

    [Fact]
    public async Task A_commit_that_spans_days_makes_blocks_that_are_narrow_in_time()
    {
        var random = new Random(3);
        await EndAsync(Enumerable.Range(0, 20_000).Select(_ => Op(-random.Next(6 * 86_400))));
        var blocks = Database.Blocks.Directory.All.ToList();
        Assert.All(blocks, block => Assert.InRange(block.Bounds.LastEnd - block.Bounds.FirstEnd, 0, 3_600_000_000));
        Assert.InRange(blocks.Count, 140, 200);

        // Few operations stay together: a block for each would cost more than it saves.
        await EndAsync(Enumerable.Range(0, EncodedBlock.MaxOperations / 1_000).Select(i => Op(-i * 86_400)));
        Assert.Equal(blocks.Count + 1, Database.Blocks.Directory.All.Count());
    }
}
