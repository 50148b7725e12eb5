using FsCheck.Xunit;
using PerfPortal.Domain.Tracking.Lanes;
using Xunit;

namespace PerfPortal.Tests.Tracking.Lanes;

public sealed class TrackedIdTests
{
    [Property]
    public bool An_id_leads_back_to_its_slot(uint milliseconds, uint node, ushort lane, uint generation, ushort slot)
    {
        node &= (1u << TrackedId.NodeBits) - 1;
        int itsLane = lane & ((1 << TrackedId.LaneBits) - 1);
        int itsSlot = slot & ((1 << TrackedId.SlotBits) - 1);
        var id = TrackedId.Make(1_700_000_000_000 + milliseconds, node, itsLane, generation, itsSlot);
        return id.Version == 7 && id.Variant is >= 8 and <= 11
            && TrackedId.TryRead(id, node, out int foundLane, out int foundSlot) && (foundLane, foundSlot) == (itsLane, itsSlot)
            && !TrackedId.TryRead(id, node ^ 1, out _, out _) && !TrackedId.TryRead(id, node ^ (1u << (TrackedId.NodeBits - 1)), out _, out _);
    }

    [Fact]
    public void Its_parts_lie_where_the_layout_says()
    {
        var id = TrackedId.Make(0x0123_4567_89AB, 0xABC_1234, 1, 1, 2);
        Assert.Equal("01234567-89ab-7abc-848d-001000004002", id.ToString());
        Assert.False(TrackedId.TryRead(Guid.NewGuid(), 0xABC_1234, out _, out _));
    }

    [Fact]
    public void Later_ones_come_after_earlier_ones_and_generations_of_a_slot_differ()
    {
        var first = TrackedId.Make(1_000, uint.MaxValue >>> 4, 1022, 5, 9);
        Assert.True(first.CompareTo(TrackedId.Make(1_001, 0, 0, 0, 0)) < 0);
        Assert.True(first.CompareTo(TrackedId.Make(1_000, uint.MaxValue >>> 4, 1022, 6, 0)) < 0);
        Assert.NotEqual(first, TrackedId.Make(1_000, uint.MaxValue >>> 4, 1022, 6, 9));
    }
}
