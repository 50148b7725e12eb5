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
    public async Task Many_threads_never_make_one_twice()
    {
        var made = await Task.WhenAll(Enumerable.Range(0, 8).Select(thread => Task.Run(() =>
        {
            var ids = new List<Guid>();
            for (int i = 0; i < 3_400; i++)
            {
                ids.Add(OperationIds.Next(Start));
            }

            return ids;
        })));
        Assert.Equal(8 * 3_400, made.SelectMany(ids => ids).Distinct().Count());
    }

    [Fact]
    public void A_report_sent_again_has_the_same_ids_and_they_differ_from_those_of_another_and_from_counted_ones()
    {
        var first = Enumerable.Range(0, 1_000).Select(i => OperationIds.Derive(Start.AddMilliseconds(i), 0x123456789abcdef0, i)).ToList();
        Assert.Equal(first, Enumerable.Range(0, 1_000).Select(i => OperationIds.Derive(Start.AddMilliseconds(i), 0x123456789abcdef0, i)));
        var other = Enumerable.Range(0, 1_000).Select(i => OperationIds.Derive(Start.AddMilliseconds(i), 0x123456789abcdef1, i));
        Assert.Empty(first.Intersect(other));
        Assert.All(first, id => Assert.Equal((7, 0x8, Start.Year), (id.Version, id.Variant & 0xC, OperationIds.TimeOf(id)!.Value.Year)));

        // Derived ids have no node, counted ones always have one; the kind is 0 in both.
        Assert.All(first, id => Assert.Equal((0, 0), (Node(id), id.ToByteArray(bigEndian: true)[8] & 0x20)));
        Assert.NotEqual(0, Node(OperationIds.Next(Start)));
        Assert.NotEqual(OperationIds.Derive(Start, ulong.MaxValue, 0), OperationIds.Derive(Start, ulong.MaxValue, OperationIds.MaxItems - 1));
        Assert.Throws<ArgumentOutOfRangeException>(() => OperationIds.Derive(Start, 1, OperationIds.MaxItems));
    }

    [Fact]
    public void The_id_of_a_key_is_a_version_8_uuid_without_a_time()
    {
        var id = OperationIds.OfKey(UInt128.MaxValue);
        Assert.Equal((8, 0x8), (id.Version, id.Variant & 0xC));
        Assert.Null(OperationIds.TimeOf(id));
        Assert.Equal(id, OperationIds.OfKey(UInt128.MaxValue));
        Assert.NotEqual(id, OperationIds.OfKey(UInt128.MaxValue - 1));
    }

    private static int Node(Guid id)
    {
        byte[] bytes = id.ToByteArray(bigEndian: true);
        return ((bytes[6] & 0x0F) << 8) | bytes[7];
    }
}
