using System.Buffers.Binary;

namespace PerfPortal.Domain.Tracking.Lanes;

/// <summary>
/// The id of an in-process operation: a version 7 UUID (RFC 9562, 5.7) that encodes its slot, so that it is only created on demand
/// and leads back to the slot.
/// </summary>
/// <remarks>
/// <code>
/// unix_ts_ms 48 | version 4 | node, upper 12 | variant 2 | node, lower 16 | lane 10 | generation 22 | slot 14
/// </code>
/// The timestamp is the start; the node is random per tracker; lane, generation and slot identify an operation of the tracker.
/// A lane uses its slots in turn, so generation and slot together increase, and the lower half alone is unique within a
/// tracker.
/// </remarks>
internal static class TrackedId
{
    public const int NodeBits = 28;
    public const int LaneBits = 10;
    public const int GenerationBits = 22;
    public const int SlotBits = 14;

    /// <summary>The bit after the variant, 1 here and 0 in <see cref="Operations.OperationIds"/>, so the two never collide.</summary>
    public const uint Kind = 1 << (LowerNodeBits - 1);

    private const int LowerNodeBits = 16;

    public static Guid Make(long milliseconds, uint node, int lane, uint generation, int slot)
    {
        Span<byte> bytes = stackalloc byte[16];
        BinaryPrimitives.WriteInt64BigEndian(bytes, (milliseconds << 16) | 0x7000 | (node >>> LowerNodeBits));
        BinaryPrimitives.WriteUInt64BigEndian(
            bytes[8..],
            (0b10UL << 62) | ((ulong)(node & 0xFFFF) << (LaneBits + GenerationBits + SlotBits)) | ((ulong)lane << (GenerationBits + SlotBits))
                | ((ulong)(generation & ((1u << GenerationBits) - 1)) << SlotBits) | (uint)slot);
        return new(bytes, bigEndian: true);
    }

    /// <summary>Decodes the slot of an id of this node; the caller checks whether the slot still contains that operation.</summary>
    public static bool TryRead(Guid id, uint node, out int lane, out int slot)
    {
        Span<byte> bytes = stackalloc byte[16];
        id.TryWriteBytes(bytes, bigEndian: true, out _);
        ulong upper = BinaryPrimitives.ReadUInt64BigEndian(bytes);
        ulong lower = BinaryPrimitives.ReadUInt64BigEndian(bytes[8..]);
        lane = (int)(lower >>> (GenerationBits + SlotBits)) & ((1 << LaneBits) - 1);
        slot = (int)lower & ((1 << SlotBits) - 1);
        return (upper & 0xFFFF) == (0x7000 | (node >>> LowerNodeBits))
            && lower >>> (LaneBits + GenerationBits + SlotBits) == (0b10UL << LowerNodeBits | (node & 0xFFFF));
    }
}
