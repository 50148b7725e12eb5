using PerfPortal.Server.Storage.Blocks;
using Xunit;

namespace PerfPortal.Tests.Storage.Blocks;

public sealed class IdFingerprintsTests
{
    /// <summary>Slots of the first group, of the second, and of the third.</summary>
    private static readonly int[] Slots = [0, 1, 63, 64, 65, 575, 576, 700];

    [Fact]
    public void Every_id_is_found_in_its_block_and_hardly_anywhere_else()
    {
        var fingerprints = Filled(4_096);
        ulong[] all = AllSlots();
        int extra = 0;
        foreach (int slot in Slots)
        {
            for (int i = 0; i < 4_096; i += 7)
            {
                var found = Find(fingerprints, slot, i, all);
                Assert.Contains(slot, found);
                Assert.True(fingerprints.MayContain(slot, slot, i));
                extra += found.Count - 1;
            }
        }

        Assert.InRange(extra, 0, 3);
    }

    [Fact]
    public void A_stranger_is_found_nowhere()
    {
        var fingerprints = Filled(4_096);
        int found = Enumerable.Range(0, 50_000).Sum(i => Find(fingerprints, -1 - i, i, AllSlots()).Count);

        // 50,000 ids in 8 full blocks at 3 × 10⁻⁷ each: 0.1 expected.
        Assert.InRange(found, 0, 4);
    }

    [Fact]
    public void Only_the_slots_asked_for_are_tested()
    {
        var fingerprints = new IdFingerprints();
        fingerprints.Add(3, [(1, 2)]);
        fingerprints.Add(70, [(1, 2)]);
        ulong[] some = new ulong[IdFingerprints.WordsFor(71)];
        some[70 / 64] |= 1UL << (70 % 64);
        Assert.Equal([70], Find(fingerprints, 1, 2, some));
    }

    [Fact]
    public void A_cleared_slot_can_be_used_again()
    {
        var fingerprints = Filled(100);
        foreach (int slot in Slots)
        {
            fingerprints.Clear(slot);
        }

        Assert.Empty(Find(fingerprints, 64, 5, AllSlots()));
        fingerprints.Add(64, [(-5, -6)]);
        Assert.Equal([64], Find(fingerprints, -5, -6, AllSlots()));
        Assert.False(fingerprints.MayContain(63, -5, -6));
    }

    [Theory]
    [InlineData(0, 1)]
    [InlineData(64, 1)]
    [InlineData(65, 9)]
    [InlineData(576, 9)]
    [InlineData(577, 17)]
    public void A_set_covers_whole_groups(int slots, int words) => Assert.Equal(words, IdFingerprints.WordsFor(slots));

    private static IdFingerprints Filled(int count)
    {
        var fingerprints = new IdFingerprints();
        foreach (int slot in Slots)
        {
            fingerprints.Add(slot, [.. Enumerable.Range(0, count).Select(i => ((long)slot, (long)i))]);
        }

        return fingerprints;
    }

    private static ulong[] AllSlots()
    {
        ulong[] all = new ulong[IdFingerprints.WordsFor(701)];
        Array.Fill(all, ulong.MaxValue);
        return all;
    }

    private static List<int> Find(IdFingerprints fingerprints, long high, long low, ulong[] slots)
    {
        var found = new List<int>();
        fingerprints.Find(high, low, slots, found);
        return found;
    }
}
