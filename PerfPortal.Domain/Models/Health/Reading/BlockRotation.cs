namespace PerfPortal.Domain.Models.Health.Reading;

/// <summary>
/// Which blocks of a file a sampled check reads. The blocks are put into a pseudo-random order by a key, and check <c>c</c> reads the <c>(c + phase) mod N</c>-th of N equal parts of that order:
/// any N checks in a row read every block exactly once, so whatever changed before the first of them is found by the last. One check reads 1/N of the blocks, rounded.
/// </summary>
/// <remarks>The order is a Feistel network of four rounds over the next power of four, walked until the value is a block (Black and Rogaway, 2002), so it takes no memory.</remarks>
internal readonly struct BlockRotation
{
    private const int Rounds = 4;

    private readonly int _blocks;
    private readonly int _parts;
    private readonly ulong _key;
    private readonly int _halfBits;

    /// <summary>Creates the order.</summary>
    /// <param name="blocks">The number of blocks, at least 0.</param>
    /// <param name="parts">N: the number of checks that together read every block, at least 1.</param>
    /// <param name="key">The key of the order.</param>
    public BlockRotation(int blocks, int parts, ulong key)
    {
        (_blocks, _parts, _key) = (blocks, parts, key);
        _halfBits = 1;
        while (1L << (2 * _halfBits) < blocks)
        {
            _halfBits++;
        }
    }

    /// <summary>The blocks that a check reads, in ascending order.</summary>
    /// <param name="check">The number of the check, at least 0.</param>
    public int[] PartOf(long check)
    {
        int part = (int)((ulong)(check + (long)(_key % (ulong)_parts)) % (ulong)_parts);
        int begin = (int)((long)_blocks * part / _parts);
        int end = (int)((long)_blocks * (part + 1) / _parts);
        int[] chosen = new int[end - begin];
        for (int i = begin; i < end; i++)
        {
            chosen[i - begin] = Permute(i);
        }

        Array.Sort(chosen);
        return chosen;
    }

    private int Permute(int place)
    {
        uint value = (uint)place;
        do
        {
            value = Network(value);
        }
        while (value >= (uint)_blocks);

        return (int)value;
    }

    private uint Network(uint value)
    {
        uint mask = (1u << _halfBits) - 1;
        uint left = value >> _halfBits;
        uint right = value & mask;
        for (int round = 0; round < Rounds; round++)
        {
            (left, right) = (right, left ^ (Mix(right, round) & mask));
        }

        return (left << _halfBits) | right;
    }

    // The finalizer of SplitMix64 (Steele, Lea and Flood, 2014).
    private uint Mix(uint half, int round)
    {
        ulong mixed = _key + ((ulong)half * 0x9e3779b97f4a7c15) + ((ulong)(round + 1) << 56);
        mixed = (mixed ^ (mixed >> 30)) * 0xbf58476d1ce4e5b9;
        mixed = (mixed ^ (mixed >> 27)) * 0x94d049bb133111eb;
        return (uint)(mixed ^ (mixed >> 31));
    }
}
