using PerfPortal.Domain.Operations;
using PerfPortal.Server.Storage.Blocks;
using Xunit;

namespace PerfPortal.Tests.Storage.Blocks;

public sealed class OlderIdsTests
{
    private const int BlockCount = 50;

    [Fact]
    public void A_search_of_many_old_blocks_can_be_cancelled_lets_readers_ask_meanwhile_and_goes_on_where_it_stopped()
    {
        var ids = new OlderIds();
        var random = new Random(7);
        var stored = Enumerable.Range(1, BlockCount).ToDictionary(block => (long)block, _ => Enumerable.Range(0, 20).Select(_ => AnyId(random)).ToArray());
        ids.Replace([.. stored.Select(one => new BlockInfo(one.Key, BlockState.Packed, one.Key, new(20, 0, 1, 0, 1, 0, 1), IdExtent.Of(one.Value), [new(new(MetricType.HealthCheck, 1, 1, OperationStatus.Succeeded), 0, 1)]))]);
        var sought = stored[BlockCount][0];
        using var stop = new CancellationTokenSource();
        var read = new List<long>();
        var found = new List<BlockInfo>();
        Assert.Throws<OperationCanceledException>(() => ids.Find(sought.High, sought.Low, ReadAndStop, [], found, stop.Token));
        Assert.Equal(30, read.Count);
        Assert.Empty(found);

        ids.Find(sought.High, sought.Low, Read, [], found, TestContext.Current.CancellationToken);
        Assert.Contains(found, block => block.Id == BlockCount);
        Assert.Equal(BlockCount, read.Count);
        Assert.Equal(BlockCount, read.Distinct().Count());

        (long High, long Low)[]? Read(BlockInfo block)
        {
            // A reader on another thread is not held up.
            var reader = new Thread(() => ids.Excludes(block.Id, 1, 2));
            reader.Start();
            Assert.True(reader.Join(TimeSpan.FromSeconds(30)));
            read.Add(block.Id);
            return stored[block.Id];
        }

        (long High, long Low)[]? ReadAndStop(BlockInfo block)
        {
            if (read.Count == 29)
            {
                stop.Cancel();
            }

            return Read(block);
        }
    }

    private static (long High, long Low) AnyId(Random random) => ((random.NextInt64() & ~0xF000L) | 0x4000, random.NextInt64() | long.MinValue);
}
