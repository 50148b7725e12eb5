using System.Buffers.Binary;
using System.Security.Cryptography;

namespace PerfPortal.Domain.Operations;

/// <summary>
/// Creates ids for operations reported without one: version 7 UUIDs (RFC 9562, 5.7) whose timestamp is the <em>start</em> of the
/// operation. The other 74 bits are a node, random per process, and a sequence incremented by one (RFC 9562, 6.2, method 1):
/// such ids need no random numbers, sort by start and sequence, and compress very well, because neighbours differ in few bits.
/// Thread-safe.
/// </summary>
/// <remarks>
/// <code>
/// unix_ts_ms 48 | 7 | node 12 | 2 | kind 1 | node 21 | sequence 40
/// </code>
/// The kind is 0 here and 1 for in-process operations, which are numbered per thread, so the two never collide.
/// Ids are not secrets.
/// </remarks>
public static class OperationIds
{
    /// <summary>The bits of the sequence. It wraps after 2^40 ids, when the timestamps of the first ids are long past.</summary>
    internal const int SequenceBits = 40;

    private const int DigitsOfUuid = 32;
    private const ulong SequenceMask = (1UL << SequenceBits) - 1;
    private const ulong Version7 = 0x7000;
    private const ulong Variant = 0x8000_0000_0000_0000;

    private static readonly ulong NodeHigh = (ulong)RandomNumberGenerator.GetInt32(1 << 12);
    private static readonly ulong NodeLow = (ulong)RandomNumberGenerator.GetInt32(1 << 21) << SequenceBits;
    private static long _next;

    /// <summary>Returns the next id for an operation with this start time.</summary>
    public static Guid Next(DateTimeOffset start) => Make(start, Interlocked.Increment(ref _next) - 1);

    /// <summary>Reserves a block of ids with a single interlocked operation.</summary>
    /// <param name="count">The number of ids, at least 1.</param>
    public static IdBlock Reserve(int count)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        long end = Interlocked.Add(ref _next, count);
        return new(end - count, end);
    }

    /// <summary>Parses an id: a UUID with its four hyphens or without hyphens, in upper or lower case.</summary>
    public static bool TryParse(ReadOnlySpan<char> text, out Guid id) => Guid.TryParseExact(text, text.Length == DigitsOfUuid ? "N" : "D", out id);

    /// <summary>Returns the timestamp of any version 7 UUID; <see langword="null"/> for other ids.</summary>
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

/// <summary>A block of ids reserved by <see cref="OperationIds.Reserve"/>. Not thread-safe; the default value is empty.</summary>
public struct IdBlock
{
    private readonly long _end;
    private long _next;

    internal IdBlock(long next, long end) => (_next, _end) = (next, end);

    /// <summary>Whether all ids were used.</summary>
    public readonly bool IsEmpty => _next == _end;

    /// <summary>Returns the next id for an operation with this start time.</summary>
    /// <exception cref="InvalidOperationException">The block is empty.</exception>
    public Guid Next(DateTimeOffset start) =>
        _next < _end ? OperationIds.Make(start, _next++) : throw new InvalidOperationException("All ids of the block were used.");
}
