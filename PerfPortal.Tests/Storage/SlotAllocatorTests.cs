using FsCheck.Xunit;
using PerfPortal.Server.Storage;
using Xunit;

namespace PerfPortal.Tests.Storage;

public sealed class SlotAllocatorTests
{
    [Fact]
    public void The_preferred_slot_is_taken_when_it_is_free()
    {
        var slots = Knowing([]);
        Assert.Equal(OperationKeys.First(5) + 7, slots.Take(5, 2048 + 7));
        Assert.Equal(OperationKeys.First(5) + 8, slots.Take(5, 7));
    }

    [Fact]
    public void The_search_goes_round_within_the_microsecond()
    {
        var slots = Knowing([OperationKeys.First(5) + 2047]);
        Assert.Equal(OperationKeys.First(5), slots.Take(5, 2047));
    }

    [Property(MaxTest = 20)]
    public void Every_slot_is_given_once_and_then_none(long[] taken, long seed)
    {
        var known = taken.Select(number => OperationKeys.First(5) + (number & 2047)).Distinct().ToList();
        var slots = Knowing(known);
        var random = new Random((int)seed);
        var given = Enumerable.Range(0, OperationKeys.Slots - known.Count).Select(_ => slots.Take(5, random.NextInt64())!.Value).ToList();
        Assert.Equal(OperationKeys.Slots, given.Concat(known).Distinct().Count());
        Assert.All(given, key => Assert.Equal(5, OperationKeys.EndUs(key)));
        Assert.Null(slots.Take(5, 0));
    }

    [Fact]
    public void A_microsecond_that_was_not_asked_about_is_not_guessed()
    {
        var slots = Knowing([]);
        Assert.True(slots.Knows(5));
        Assert.False(slots.Knows(6));
        Assert.Throws<KeyNotFoundException>(() => slots.Take(6, 0));
    }

    private static SlotAllocator Knowing(IEnumerable<long> taken)
    {
        var slots = new SlotAllocator();
        slots.Learn([5], taken);
        return slots;
    }
}
