using System.Buffers;

namespace PerfPortal.Server.Intake;

/// <summary>A growing byte buffer. Arrays of common sizes come from the pool; large arrays do not, because the pool would never release them.</summary>
internal sealed class BodyBuffer : IDisposable
{
    private const int LargestPooled = 1024 * 1024;
    private const int Smallest = 4096;

    private byte[] _bytes;

    /// <summary>Creates a buffer.</summary>
    /// <param name="expected">The expected number of bytes. The initial allocation is limited to 1 MiB, regardless of the announced size.</param>
    public BodyBuffer(int expected) => _bytes = Take(Math.Clamp(expected, Smallest, LargestPooled));

    /// <summary>The number of bytes written.</summary>
    public int Length { get; private set; }

    /// <summary>The bytes written.</summary>
    public ReadOnlyMemory<byte> Written => _bytes.AsMemory(0, Length);

    /// <summary>Returns memory to write to; never empty.</summary>
    public Memory<byte> Room()
    {
        if (Length == _bytes.Length)
        {
            byte[] larger = Take(_bytes.Length * 2);
            _bytes.AsSpan().CopyTo(larger);
            Give(_bytes);
            _bytes = larger;
        }

        return _bytes.AsMemory(Length);
    }

    /// <summary>Records that <paramref name="count"/> bytes were written.</summary>
    public void Advance(int count) => Length += count;

    /// <summary>Returns the array to the pool. Idempotent.</summary>
    public void Dispose()
    {
        Give(_bytes);
        (_bytes, Length) = ([], 0);
    }

    private static byte[] Take(int length) => length <= LargestPooled ? ArrayPool<byte>.Shared.Rent(length) : GC.AllocateUninitializedArray<byte>(length);

    // Pooled arrays have power-of-two lengths, so every array up to the largest pooled size came from the pool.
    private static void Give(byte[] bytes)
    {
        if (bytes.Length is >= Smallest and <= LargestPooled)
        {
            ArrayPool<byte>.Shared.Return(bytes);
        }
    }
}
