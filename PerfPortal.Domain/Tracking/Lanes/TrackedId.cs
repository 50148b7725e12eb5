using System.Buffers.Binary;

namespace PerfPortal.Domain.Tracking.Lanes;

/// <summary>
/// The id of an operation of this process: a version 7 UUID (RFC 9562, 5.7) that says which slot held it, so that it costs nothing
/// before somebody asks for it, and leads back to the slot.
/// </summary>
/// <remarks>
/// <code>
/// unix_ts_ms 48 | version 4 | node, upper 12 | variant 2 | node, lower 16 | lane 10 | generation 22 | slot 14
/// </code>
/// The millisecond is that of the start; the node is random for each tracker; lane, generation and slot name an operation of it.
/// A lane takes its slots in turn, so generation and slot together count upwards, and the lower half alone tells operations of one
/// tracker apart.
/// </remarks>
internal static class TrackedId
{
    public const int NodeBits = 28;
    public const int LaneBits = 10;
    public const int GenerationBits = 22;
    public const int SlotBits = 14;

    /// <summary>The bit behind the variant, 1 here and 0 in <see cref="Operations.OperationIds"/>: the two never meet.</summary>
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

    /// <summary>Which slot an id of this node names; whether the slot still holds that operation is for the asker to check.</summary>
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
