using FsCheck;
using FsCheck.Xunit;
using PerfPortal.Server.Storage;
using Xunit;

namespace PerfPortal.Tests.Storage;

public sealed class OperationKeysTests
{
    private static readonly DateTimeOffset End = new(2026, 3, 4, 12, 0, 0, TimeSpan.Zero);

    [Property]
    public void An_id_is_put_together_again(Guid id)
    {
        var (high, low) = OperationKeys.Split(id);
        Assert.Equal(id, OperationKeys.Join(high, low));
    }

    [Property]
    public void A_key_lies_in_the_microsecond_of_its_end(NonNegativeInt microseconds, long idLow)
    {
        var end = End.AddTicks(microseconds.Get * 10L);
        long key = Preferred(end, idLow);
        Assert.InRange(key, OperationKeys.First(end), OperationKeys.First(end.AddTicks(10)) - 1);
        Assert.Equal((end - DateTimeOffset.UnixEpoch).Ticks / 10, OperationKeys.EndUs(key));
    }

    [Fact]
    public void The_worked_example_of_the_documentation_holds()
    {
        var (high, low) = OperationKeys.Split(new("018f6f2a-0000-7000-8000-0000000012ab"));
        Assert.Equal(0x018f6f2a00007000, high);
        Assert.Equal(unchecked((long)0x80000000000012ab), low);
        Assert.Equal((1_772_625_600_000_000L * 2048) + 0x2ab, Preferred(End, low));
    }

    [Fact]
    public void Version_7_ids_keep_their_order_in_the_high_half()
    {
        long earlier = OperationKeys.Split(Guid.CreateVersion7(End)).High;
        long later = OperationKeys.Split(Guid.CreateVersion7(End.AddMilliseconds(1))).High;
        Assert.True(earlier < later);
    }

    [Fact]
    public void A_time_beyond_all_keys_is_the_last_and_not_the_first()
    {
        Assert.True(OperationKeys.First(DateTimeOffset.MaxValue) > OperationKeys.First(End));
        Assert.True(OperationKeys.First(DateTimeOffset.MinValue) < OperationKeys.First(DateTimeOffset.UnixEpoch));
    }

    private static long Preferred(DateTimeOffset end, long idLow) => OperationKeys.First(end) + (idLow & (OperationKeys.Slots - 1));
}
