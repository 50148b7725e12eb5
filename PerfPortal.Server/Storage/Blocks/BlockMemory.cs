using System.Buffers;

namespace PerfPortal.Server.Storage.Blocks;

/// <summary>
/// The arrays of a block that is looked at once: out of a pool, and given back together. A scan would otherwise leave tens of megabytes of garbage a second,
/// much of it of the size that is only collected with everything else. Not safe for concurrent use.
/// </summary>
internal sealed class BlockMemory : IDisposable
{
    private readonly List<long[]> _numbers = [];
    private readonly List<byte[]> _bytes = [];

    /// <summary>Room for numbers; what is in it is arbitrary.</summary>
    public Memory<long> Numbers(int count)
    {
        long[] array = ArrayPool<long>.Shared.Rent(count);
        _numbers.Add(array);
        return array.AsMemory(0, count);
    }

    /// <summary>Room for bytes; what is in it is arbitrary.</summary>
    public Memory<byte> Bytes(int count)
    {
        byte[] array = ArrayPool<byte>.Shared.Rent(count);
        _bytes.Add(array);
        return array.AsMemory(0, count);
    }

    /// <summary>Gives everything back; nobody may look at it any more.</summary>
    public void Dispose()
    {
        _numbers.ForEach(array => ArrayPool<long>.Shared.Return(array));
        _bytes.ForEach(array => ArrayPool<byte>.Shared.Return(array));
        _numbers.Clear();
        _bytes.Clear();
    }
}
