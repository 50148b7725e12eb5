using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace PerfPortal.Server.Storage.Blocks;

/// <summary>
/// The fingerprints of many blocks' ids: a Bloom filter per block, all of the same size and stored bit-sliced, so that the same bit of 512 blocks
/// shares a cache line. One lookup tests all blocks at once, as in BitFunnel (Goodwin et al., SIGIR 2017) and COBS (Bingmann et al., SPIRE 2019).
/// A full block of 4,096 ids takes 16 KiB, four bytes per id; an id that a block does not contain passes its filter with a probability of 3 × 10⁻⁷.
/// Blocks are addressed by slot numbers. Not thread-safe.
/// </summary>
internal sealed class IdFingerprints
{
    /// <summary>The number of 64-slot words in the first group. It is small because most portals have few blocks.</summary>
    private const int FirstWidth = 1;

    /// <summary>The number of 64-slot words in the other groups: a cache line.</summary>
    private const int Width = 8;

    private const int RowBits = 17;
    private const int Rows = 1 << RowBits;
    private const int Hashes = 16;

    private readonly List<ulong[]> _groups = [];

    /// <summary>The number of 64-slot words in a set of slots that covers all slots up to the given number.</summary>
    public static int WordsFor(int slots) => slots <= FirstWidth * 64 ? FirstWidth : FirstWidth + ((slots - (FirstWidth * 64) + (Width * 64) - 1) / (Width * 64) * Width);

    /// <summary>Adds the ids of a block to a slot.</summary>
    public void Add(int slot, ReadOnlySpan<(long High, long Low)> ids)
    {
        var (group, width, word, bit) = PlaceOf(slot);
        while (_groups.Count <= group)
        {
            _groups.Add(new ulong[Rows * (_groups.Count == 0 ? FirstWidth : Width)]);
        }

        ulong[] rows = _groups[group];
        Span<int> hashed = stackalloc int[Hashes];
        foreach (var (high, low) in ids)
        {
            RowsOf(IdHash.Of(high, low), hashed);
            foreach (int row in hashed)
            {
                rows[(row * width) + word] |= bit;
            }
        }
    }

    /// <summary>Empties a slot, so that it can be used for another block.</summary>
    public void Clear(int slot)
    {
        var (group, width, word, bit) = PlaceOf(slot);
        if (group < _groups.Count)
        {
            ulong[] rows = _groups[group];
            for (int at = word; at < rows.Length; at += width)
            {
                rows[at] &= ~bit;
            }
        }
    }

    /// <summary>Whether the block in a slot may contain an id.</summary>
    public bool MayContain(int slot, long high, long low)
    {
        var (group, width, word, bit) = PlaceOf(slot);
        Span<int> hashed = stackalloc int[Hashes];
        RowsOf(IdHash.Of(high, low), hashed);
        ulong[]? rows = group < _groups.Count ? _groups[group] : null;
        foreach (int row in hashed)
        {
            if (rows is null || (rows[(row * width) + word] & bit) == 0)
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>Appends the slots whose blocks may contain an id, out of a set of slots.</summary>
    /// <param name="high">The upper half of the id.</param>
    /// <param name="low">The lower half of the id.</param>
    /// <param name="slots">The slots to test, a bit each; <see cref="WordsFor"/> words.</param>
    /// <param name="found">Receives the slots.</param>
    public void Find(long high, long low, ReadOnlySpan<ulong> slots, List<int> found)
    {
        Span<int> hashed = stackalloc int[Hashes];
        RowsOf(IdHash.Of(high, low), hashed);
        int start = 0;
        for (int group = 0; start < slots.Length && group < _groups.Count; group++)
        {
            if (group == 0)
            {
                ulong left = slots[0];
                for (int i = 0; i < Hashes && left != 0; i++)
                {
                    left &= _groups[0][hashed[i]];
                }

                Append(left, 0, found);
                start = FirstWidth;
                continue;
            }

            ref ulong rows = ref MemoryMarshal.GetArrayDataReference(_groups[group]);
            var passed = Vector512.Create(slots.Slice(start, Width));
            for (int i = 0; i < Hashes && passed != Vector512<ulong>.Zero; i++)
            {
                passed &= Vector512.LoadUnsafe(ref rows, (nuint)(hashed[i] * Width));
            }

            if (passed != Vector512<ulong>.Zero)
            {
                for (int i = 0; i < Width; i++)
                {
                    Append(passed[i], (start + i) * 64, found);
                }
            }

            start += Width;
        }
    }

    private static void Append(ulong bits, int first, List<int> found)
    {
        for (; bits != 0; bits &= bits - 1)
        {
            found.Add(first + System.Numerics.BitOperations.TrailingZeroCount(bits));
        }
    }

    private static (int Group, int Width, int Word, ulong Bit) PlaceOf(int slot)
    {
        int word = slot / 64;
        ulong bit = 1UL << (slot % 64);
        return word < FirstWidth ? (0, FirstWidth, word, bit) : (1 + ((word - FirstWidth) / Width), Width, (word - FirstWidth) % Width, bit);
    }

    // Enhanced double hashing (Dillinger and Manolios, 2004): the rows of an id from the two halves of its hash.
    private static void RowsOf(ulong hash, Span<int> rows)
    {
        ulong row = hash;
        ulong step = (hash * 0x9E3779B97F4A7C15) | 1;
        for (int i = 0; i < Hashes; i++)
        {
            rows[i] = (int)(row >> (64 - RowBits));
            row += step;
            step += (ulong)i << (64 - RowBits);
        }
    }
}
