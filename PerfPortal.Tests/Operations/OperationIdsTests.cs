using PerfPortal.Domain.Operations;
using Xunit;

namespace PerfPortal.Tests.Operations;

public sealed class OperationIdsTests
{
    private static readonly DateTimeOffset Start = new(2026, 3, 10, 12, 0, 30, 123, TimeSpan.Zero);

    [Fact]
    public void An_id_is_a_version_7_uuid_of_the_millisecond_of_the_start()
    {
        var id = OperationIds.Next(Start);
        Assert.Equal((7, 0x8), (id.Version, id.Variant & 0xC));
        byte[] bytes = id.ToByteArray(bigEndian: true);
        long milliseconds = bytes.Take(6).Aggregate(0L, (sum, next) => (sum << 8) | next);
        Assert.Equal(Start.ToUnixTimeMilliseconds(), milliseconds);
        Assert.Equal(0, bytes[8] & 0x20);
    }

    [Fact]
    public void The_millisecond_of_an_id_is_read_back_and_of_other_ids_there_is_none()
    {
        Assert.Equal(Start, OperationIds.TimeOf(OperationIds.Next(Start)));
        Assert.Equal(Start, OperationIds.TimeOf(Guid.CreateVersion7(Start)));
        Assert.Null(OperationIds.TimeOf(Guid.NewGuid()));
        Assert.Null(OperationIds.TimeOf(Guid.Empty));
        Assert.Null(OperationIds.TimeOf(new("ffffffff-ffff-7000-8000-000000000000")));
        Assert.Null(OperationIds.TimeOf(new("019a0000-0000-7000-0000-000000000000")));
    }

    [Fact]
    public void Ids_of_one_start_sort_in_the_order_in_which_they_were_made_and_differ_in_few_bytes()
    {
        var ids = Enumerable.Range(0, 1_000).Select(_ => OperationIds.Next(Start)).ToList();
        Assert.Equal(ids.Order(), ids);
        byte[] first = ids[0].ToByteArray(bigEndian: true);
        Assert.All(ids, id => Assert.Equal(first[..11], id.ToByteArray(bigEndian: true)[..11]));
    }

    [Fact]
    public async Task Many_threads_with_blocks_and_without_never_make_one_twice()
    {
        var made = await Task.WhenAll(Enumerable.Range(0, 8).Select(thread => Task.Run(() =>
        {
            var ids = new List<Guid>();
            for (int i = 0; i < 200; i++)
            {
                var block = OperationIds.Reserve(16);
                while (!block.IsEmpty)
                {
                    ids.Add(block.Next(Start));
                }

                ids.Add(OperationIds.Next(Start));
            }

            return ids;
        })));
        Assert.Equal(8 * 200 * 17, made.SelectMany(ids => ids).Distinct().Count());
    }

    [Fact]
    public void A_used_up_block_says_so()
    {
        var block = OperationIds.Reserve(1);
        block.Next(Start);
        Assert.True(block.IsEmpty);
        Assert.Throws<InvalidOperationException>(() => block.Next(Start));
        Assert.True(default(IdBlock).IsEmpty);
    }
}
