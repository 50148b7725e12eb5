using System.Buffers;

namespace PerfPortal.Server.Intake;

/// <summary>
/// A growing byte buffer that counts against a budget. Arrays of common sizes come from the pool; large arrays do not, because the pool would never
/// release them.
/// </summary>
internal sealed class BodyBuffer : IDisposable
{
    /// <summary>The largest pooled array, in bytes.</summary>
    public const int LargestPooled = 1024 * 1024;

    private const int Smallest = 4096;

    private readonly BodyCharge _charge;
    private readonly int _max;
    private byte[] _bytes;

    /// <summary>Creates a buffer.</summary>
    /// <param name="expected">The expected number of bytes. The first allocation is limited to what is not counted, regardless of the announced size.</param>
    /// <param name="max">The largest accepted body. The buffer has room for one more byte, so that a larger body is noticed.</param>
    /// <param name="charge">What the buffer is counted against.</param>
    /// <exception cref="BodyBudgetException">The budget is used up.</exception>
    public BodyBuffer(long expected, int max, BodyCharge charge)
    {
        (_max, _charge) = (max, charge);
        _bytes = Take((int)Math.Clamp(expected, Smallest, BodyBudget.FreeBytes));
    }

    /// <summary>The number of bytes written.</summary>
    public int Length { get; private set; }

    /// <summary>Whether more than the largest accepted body was written.</summary>
    public bool IsTooLong => Length > _max;

    /// <summary>The bytes written.</summary>
    public ReadOnlyMemory<byte> Written => _bytes.AsMemory(0, Length);

    /// <summary>Returns memory to write to; never empty.</summary>
    /// <exception cref="BodyBudgetException">The budget is used up.</exception>
    public Memory<byte> Room()
    {
        if (Length == _bytes.Length)
        {
            byte[] larger = Take(_bytes.Length < _max / 2 ? _bytes.Length * 2 : Math.Max(_bytes.Length, _max) + 1);
            _bytes.AsSpan().CopyTo(larger);
            Give(_bytes);
            _charge.Give(_bytes.Length);
            _bytes = larger;
        }

        return _bytes.AsMemory(Length);
    }

    /// <summary>Records that <paramref name="count"/> bytes were written.</summary>
    public void Advance(int count) => Length += count;

    /// <summary>Returns the array to the pool; it is counted until the charge is disposed. Idempotent.</summary>
    public void Dispose()
    {
        Give(_bytes);
        (_bytes, Length) = ([], 0);
    }

    private byte[] Take(int length)
    {
        if (length > LargestPooled)
        {
            _charge.Take(length);
            return GC.AllocateUninitializedArray<byte>(length);
        }

        byte[] rented = ArrayPool<byte>.Shared.Rent(length);
        try
        {
            _charge.Take(rented.Length);
        }
        catch (BodyBudgetException)
        {
            Give(rented);
            throw;
        }

        return rented;
    }

    // Pooled arrays have power-of-two lengths, so every array up to the largest pooled size came from the pool.
    private static void Give(byte[] bytes)
    {
        if (bytes.Length is >= Smallest and <= LargestPooled)
        {
            ArrayPool<byte>.Shared.Return(bytes);
        }
    }
}
