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
/// Four kinds of ids, which never collide:
/// <code>
/// counted     unix_ts_ms 48 | 7 | node 12, not 0 | 2 | kind 0 | node 21 | sequence 40
/// derived     unix_ts_ms 48 | 7 |       0        | 2 | kind 0 | hash 44 | item 17
/// in-process  unix_ts_ms 48 | 7 | node 12        | 2 | kind 1 | (Tracking.Lanes.TrackedId)
/// keyed               hash 48 | 8 | hash 12        | 2 | hash 62
/// </code>
/// A derived id consists of the hash of a report and the position of the operation in it: the same report sent again has the same ids, even after a
/// restart, and the ids of one report differ in few bits. Two reports collide only if their hashes do and they have operations with the same start at the same position.
/// A keyed id (version 8, RFC 9562, 5.8) is the hash of an idempotency key; it serves a start whose time is unknown to its resend.
/// Ids are not secrets.
/// </remarks>
public static class OperationIds
{
    /// <summary>The bits of the sequence. It wraps after 2^40 ids, when the timestamps of the first ids are long past.</summary>
    internal const int SequenceBits = 40;

    private const int DigitsOfUuid = 32;
    /// <summary>The version of keyed ids.</summary>
    internal const int KeyedVersion = 8;

    private const int ItemBits = 17;
    private const int HashBits = 61 - ItemBits;
    private const ulong SequenceMask = (1UL << SequenceBits) - 1;
    private const ulong Version7 = 0x7000;
    private const ulong Variant = 0x8000_0000_0000_0000;

    private static readonly ulong NodeHigh = (ulong)RandomNumberGenerator.GetInt32(1, 1 << 12);
    private static readonly ulong NodeLow = (ulong)RandomNumberGenerator.GetInt32(1 << 21) << SequenceBits;
    private static long _next;

    /// <summary>Returns the next id for an operation with this start time.</summary>
    public static Guid Next(DateTimeOffset start) => Make(start, Interlocked.Increment(ref _next) - 1);

    /// <summary>The number of operations in a report whose ids can be derived from it.</summary>
    public const int MaxItems = 1 << ItemBits;

    /// <summary>Returns the id of an operation in a report.</summary>
    /// <param name="start">The start time.</param>
    /// <param name="hash">A hash of the report, of which 44 bits are used.</param>
    /// <param name="item">The position of the operation in the report, less than <see cref="MaxItems"/>.</param>
    public static Guid Derive(DateTimeOffset start, ulong hash, int item)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(item);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(item, MaxItems);
        return Make(start, 0, ((hash & ((1UL << HashBits) - 1)) << ItemBits) | (uint)item);
    }

    /// <summary>Returns the id that stands for an idempotency key.</summary>
    /// <param name="hash">A hash of the key, of which 122 bits are used.</param>
    public static Guid OfKey(UInt128 hash)
    {
        Span<byte> bytes = stackalloc byte[16];
        BinaryPrimitives.WriteUInt128BigEndian(bytes, hash);
        bytes[6] = (byte)((bytes[6] & 0x0F) | (KeyedVersion << 4));
        bytes[8] = (byte)((bytes[8] & 0x3F) | 0x80);
        return new(bytes, bigEndian: true);
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

    internal static Guid Make(DateTimeOffset start, long sequence) => Make(start, NodeHigh, NodeLow | ((ulong)sequence & SequenceMask));

    private static Guid Make(DateTimeOffset start, ulong high, ulong low)
    {
        Span<byte> bytes = stackalloc byte[16];
        BinaryPrimitives.WriteUInt64BigEndian(bytes, ((ulong)start.ToUnixTimeMilliseconds() << 16) | Version7 | high);
        BinaryPrimitives.WriteUInt64BigEndian(bytes[8..], Variant | low);
        return new(bytes, bigEndian: true);
    }
}
