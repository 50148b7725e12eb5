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
            Assert.Equal(i / 512, ids.Find(i * 7919L, ~i, block => block == i / 512));
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
            ids.Find(-1 - i, i, _ =>
            {
                falseHits++;
                return false;
            });
        }

        Assert.InRange(falseHits, 0, 20);
    }

    [Fact]
    public void What_moves_to_another_block_is_found_there_and_takes_no_more_room()
    {
        var ids = new RecentIds();
        ids.Put(1, 2, 10, None);
        ids.Put(1, 2, 11, new HashSet<long> { 9, 10 });
        Assert.Equal(11, ids.Find(1, 2, _ => true));
        Assert.Equal(1, ids.Count);
    }

    [Fact]
    public void A_generation_lives_on_for_one_more()
    {
        var ids = new RecentIds();
        ids.Put(1, 2, 10, None);
        ids.Rotate();
        Assert.Equal(10, ids.Find(1, 2, _ => true));
        ids.Rotate();
        Assert.Null(ids.Find(1, 2, _ => true));
        Assert.Equal(0, ids.Count);
    }
}
