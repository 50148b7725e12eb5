using System.Buffers;

namespace PerfPortal.Server.Intake;

/// <summary>Bytes that are collected until their end. Arrays of usual size come from the pool; a large one, which the pool would keep for ever, does not.</summary>
internal sealed class BodyBuffer : IDisposable
{
    private const int LargestPooled = 1024 * 1024;
    private const int Smallest = 4096;

    private byte[] _bytes;

    /// <summary>Makes a buffer.</summary>
    /// <param name="expected">How many bytes are expected; more may come. Only what comes is paid for: no announcement takes more than 1 MiB.</param>
    public BodyBuffer(int expected) => _bytes = Take(Math.Clamp(expected, Smallest, LargestPooled));

    /// <summary>How many bytes there are.</summary>
    public int Length { get; private set; }

    /// <summary>What was collected.</summary>
    public ReadOnlyMemory<byte> Written => _bytes.AsMemory(0, Length);

    /// <summary>Where the next bytes go; never empty.</summary>
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

    /// <summary>So many bytes were put into the room.</summary>
    public void Advance(int count) => Length += count;

    /// <summary>Gives the array back; a second time does nothing.</summary>
    public void Dispose()
    {
        Give(_bytes);
        (_bytes, Length) = ([], 0);
    }

    private static byte[] Take(int length) => length <= LargestPooled ? ArrayPool<byte>.Shared.Rent(length) : GC.AllocateUninitializedArray<byte>(length);

    // The pool lends powers of two; what is no larger than the largest came from it.
    private static void Give(byte[] bytes)
    {
        if (bytes.Length is >= Smallest and <= LargestPooled)
        {
            ArrayPool<byte>.Shared.Return(bytes);
        }
    }
}
