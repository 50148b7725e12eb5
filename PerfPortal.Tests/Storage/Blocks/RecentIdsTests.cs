using PerfPortal.Server.Storage.Blocks;
using Xunit;

namespace PerfPortal.Tests.Storage.Blocks;

public sealed class RecentIdsTests
{
    private static readonly HashSet<long> None = [];

    [Fact]
    public void Every_id_leads_to_its_block()
    {
        var ids = new RecentIds();
        for (int i = 0; i < 100_000; i++)
        {
            ids.Put(i * 7919L, ~i, i / 512, None);
        }

        Assert.Equal(100_000, ids.Count);
        for (int i = 0; i < 100_000; i += 13)
        {
            Assert.Contains(i / 512, Find(ids, i * 7919L, ~i));
        }
    }

    [Fact]
    public void Strangers_are_hardly_ever_taken_for_known()
    {
        var ids = new RecentIds();
        for (int i = 0; i < 100_000; i++)
        {
            ids.Put(i, i, 1, None);
        }

        int falseHits = 0;
        for (int i = 0; i < 100_000; i++)
        {
            falseHits += Find(ids, -1 - i, i).Length;
        }

        Assert.InRange(falseHits, 0, 20);
    }

    [Fact]
    public void What_moves_to_another_block_is_found_there_and_takes_no_more_room()
    {
        var ids = new RecentIds();
        ids.Put(1, 2, 10, None);
        ids.Put(1, 2, 11, new HashSet<long> { 9, 10 });
        Assert.Equal([11], Find(ids, 1, 2));
        Assert.Equal(1, ids.Count);
    }

    [Fact]
    public void A_generation_lives_on_for_one_more()
    {
        var ids = new RecentIds();
        ids.Put(1, 2, 10, None);
        ids.Rotate();
        Assert.Equal([10], Find(ids, 1, 2));
        ids.Rotate();
        Assert.Empty(Find(ids, 1, 2));
        Assert.Equal(0, ids.Count);
    }

    [Fact]
    public async Task What_was_put_is_found_while_the_table_grows()
    {
        const int Count = 200_000;
        var ids = new RecentIds();
        int put = 0;
        var writing = Task.Run(() =>
        {
            for (int i = 0; i < Count; i++)
            {
                ids.Put(i, ~i, i, None);
                Volatile.Write(ref put, i + 1);
            }
        }, TestContext.Current.CancellationToken);
        var random = new Random(5);
        int known;
        do
        {
            known = Volatile.Read(ref put);
            for (int i = 0; i < 100 && known > 0; i++)
            {
                int id = random.Next(known);
                ids.Touch(id, ~id);
                Assert.Contains(id, Find(ids, id, ~id));
            }
        }
        while (known < Count && !writing.IsFaulted);
        await writing;
    }

    private static int[] Find(RecentIds ids, long high, long low)
    {
        int[] candidates = new int[RecentIds.MaxCandidates];
        return candidates[..ids.Find(high, low, candidates)];
    }
}
