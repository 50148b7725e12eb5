using System.Buffers;

namespace PerfPortal.Server.Storage.Blocks;

/// <summary>
/// Pooled arrays of a block that is opened for a single use, returned together on disposal. Without pooling, a scan would allocate tens of megabytes per second,
/// much of it on the large object heap. Not thread-safe.
/// </summary>
internal sealed class BlockMemory : IDisposable
{
    private readonly List<long[]> _numbers = [];
    private readonly List<byte[]> _bytes = [];

    /// <summary>Rents memory for numbers; its content is undefined.</summary>
    public Memory<long> Numbers(int count)
    {
        long[] array = ArrayPool<long>.Shared.Rent(count);
        _numbers.Add(array);
        return array.AsMemory(0, count);
    }

    /// <summary>Rents memory for bytes; its content is undefined.</summary>
    public Memory<byte> Bytes(int count)
    {
        byte[] array = ArrayPool<byte>.Shared.Rent(count);
        _bytes.Add(array);
        return array.AsMemory(0, count);
    }

    /// <summary>Returns all arrays to the pool. The rented memory must not be used afterwards.</summary>
    public void Dispose()
    {
        _numbers.ForEach(array => ArrayPool<long>.Shared.Return(array));
        _bytes.ForEach(array => ArrayPool<byte>.Shared.Return(array));
        _numbers.Clear();
        _bytes.Clear();
    }
}
