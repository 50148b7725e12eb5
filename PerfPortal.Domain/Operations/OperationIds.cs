using System.Buffers.Binary;
using System.Security.Cryptography;

namespace PerfPortal.Domain.Operations;

/// <summary>
/// Ids of operations that came without one: UUIDs of version 7 (RFC 9562, 5.7) whose millisecond is that of the operation's
/// <em>start</em>. The other 74 bits are a node, random once per process, and a sequence that grows by one (RFC 9562, 6.2, method 1):
/// such ids cost no random numbers, sort by start and sequence, and compress to almost nothing, because neighbours differ in few bits.
/// Safe for use by many threads.
/// </summary>
/// <remarks>
/// <code>
/// unix_ts_ms 48 | 7 | node 12 | 2 | kind 1 | node 21 | sequence 40
/// </code>
/// The kind is 0 here and 1 for operations of this process itself, which number theirs per thread: the two never meet.
/// An id identifies and is no secret.
/// </remarks>
public static class OperationIds
{
    /// <summary>Bits of the sequence; it begins anew after 2^40 ids, long after the milliseconds of the first have passed.</summary>
    internal const int SequenceBits = 40;

    private const ulong SequenceMask = (1UL << SequenceBits) - 1;
    private const ulong Version7 = 0x7000;
    private const ulong Variant = 0x8000_0000_0000_0000;

    private static readonly ulong NodeHigh = (ulong)RandomNumberGenerator.GetInt32(1 << 12);
    private static readonly ulong NodeLow = (ulong)RandomNumberGenerator.GetInt32(1 << 21) << SequenceBits;
    private static long _next;

    /// <summary>The id of an operation that started then.</summary>
    public static Guid Next(DateTimeOffset start) => Make(start, Interlocked.Increment(ref _next) - 1);

    /// <summary>Reserves numbers for many operations at once: one shared write for all of them.</summary>
    /// <param name="count">How many ids, at least 1.</param>
    public static IdBlock Reserve(int count)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        long end = Interlocked.Add(ref _next, count);
        return new(end - count, end);
    }

    /// <summary>The millisecond that an id of version 7 carries, whoever made it; <see langword="null"/> of any other id.</summary>
    public static DateTimeOffset? TimeOf(Guid id)
    {
        const long LastMillisecond = 253_402_300_799_999;
        Span<byte> bytes = stackalloc byte[16];
        id.TryWriteBytes(bytes, bigEndian: true, out _);
        long milliseconds = (long)(BinaryPrimitives.ReadUInt64BigEndian(bytes) >> 16);
        return id is { Version: 7, Variant: >= 8 and < 12 } && milliseconds <= LastMillisecond ? DateTimeOffset.FromUnixTimeMilliseconds(milliseconds) : null;
    }

    internal static Guid Make(DateTimeOffset start, long sequence)
    {
        Span<byte> bytes = stackalloc byte[16];
        BinaryPrimitives.WriteUInt64BigEndian(bytes, ((ulong)start.ToUnixTimeMilliseconds() << 16) | Version7 | NodeHigh);
        BinaryPrimitives.WriteUInt64BigEndian(bytes[8..], Variant | NodeLow | ((ulong)sequence & SequenceMask));
        return new(bytes, bigEndian: true);
    }
}

/// <summary>Numbers reserved by <see cref="OperationIds.Reserve"/>. Not safe for concurrent use; the default value is empty.</summary>
public struct IdBlock
{
    private readonly long _end;
    private long _next;

    internal IdBlock(long next, long end) => (_next, _end) = (next, end);

    /// <summary>Whether every number was used.</summary>
    public readonly bool IsEmpty => _next == _end;

    /// <summary>The id of an operation that started then.</summary>
    /// <exception cref="InvalidOperationException">The block is empty.</exception>
    public Guid Next(DateTimeOffset start) =>
        _next < _end ? OperationIds.Make(start, _next++) : throw new InvalidOperationException("Every id of the block was used.");
}
