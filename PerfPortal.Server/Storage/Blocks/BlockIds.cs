using System.Runtime.InteropServices;

namespace PerfPortal.Server.Storage.Blocks;

/// <summary>
/// The ids of a block as two big-endian numbers each (<see cref="OperationKeys.Split"/>): the low halves, then the high halves, either directly in the block's memory or
/// decoded. Assumes a little-endian processor, like the block format.
/// </summary>
internal sealed class BlockIds(ReadOnlyMemory<byte> halves, int count)
{
    private ReadOnlySpan<long> Low => MemoryMarshal.Cast<byte, long>(halves.Span)[..count];

    private ReadOnlySpan<long> High => MemoryMarshal.Cast<byte, long>(halves.Span).Slice(count, count);

    /// <summary>The id at an index.</summary>
    public (long High, long Low) this[int index] => (High[index], Low[index]);

    /// <summary>Returns the index of an id, or −1.</summary>
    public int IndexOf(long high, long low)
    {
        for (int start = 0; ;)
        {
            int found = Low[start..].IndexOf(low);
            if (found < 0)
            {
                return -1;
            }

            if (High[start + found] == high)
            {
                return start + found;
            }

            start += found + 1;
        }
    }
}
