using System.Buffers.Binary;

namespace PerfPortal.Server.Storage.Blocks;

/// <summary>
/// The block header, little-endian: the bytes "POB" and the version 1, the number of operations (2 bytes), then per section
/// a compression flag (1 byte), the length (4), the decompressed length (4) and the checksum (4), and finally the header checksum (4).
/// </summary>
internal readonly struct BlockHeader
{
    /// <summary>The length of the header in bytes.</summary>
    public const int Length = EntriesAt + Sections * EntryLength + sizeof(uint);

    /// <summary>The number of sections.</summary>
    public const int Sections = 7;

    private const uint Magic = 0x01424F50;
    private const int CountAt = 4;
    private const int EntriesAt = 6;
    private const int EntryLength = 13;
    private const int MaxRawBytes = 1 << 30;

    private readonly Entry[] _entries;

    private BlockHeader(int count, Entry[] entries)
    {
        Count = count;
        _entries = entries;
    }

    /// <summary>The number of operations, 1–65,535.</summary>
    public int Count { get; }

    /// <summary>The header entry of a section.</summary>
    public Entry this[BlockSection section] => _entries[(int)section];

    /// <summary>Reads and validates the header of a complete block.</summary>
    /// <exception cref="InvalidDataException">The header is corrupt or has an unknown version.</exception>
    public static BlockHeader Read(ReadOnlySpan<byte> block)
    {
        if (block.Length < Length || BinaryPrimitives.ReadUInt32LittleEndian(block) != Magic)
        {
            throw BlockReader.Damaged("invalid magic number or version");
        }

        if (BinaryPrimitives.ReadUInt32LittleEndian(block[(Length - sizeof(uint))..]) != Crc32C.Of(block[..(Length - sizeof(uint))]))
        {
            throw BlockReader.Damaged("header checksum mismatch");
        }

        var entries = new Entry[Sections];
        long start = Length;
        for (int i = 0; i < Sections; i++)
        {
            var bytes = block.Slice(EntriesAt + i * EntryLength, EntryLength);
            uint length = BinaryPrimitives.ReadUInt32LittleEndian(bytes[1..]);
            uint rawLength = BinaryPrimitives.ReadUInt32LittleEndian(bytes[5..]);
            if (bytes[0] > 1 || length > block.Length - start || rawLength > MaxRawBytes || bytes[0] == 0 && length != rawLength)
            {
                throw BlockReader.Damaged("a section exceeds the block");
            }

            entries[i] = new(bytes[0] == 1, (int)start, (int)length, (int)rawLength, BinaryPrimitives.ReadUInt32LittleEndian(bytes[9..]));
            start += length;
        }

        int count = BinaryPrimitives.ReadUInt16LittleEndian(block[CountAt..]);
        return start == block.Length && count > 0 ? new(count, entries) : throw BlockReader.Damaged("wrong length");
    }

    /// <summary>Writes a header; the sections follow it without a gap.</summary>
    public static void Write(Span<byte> header, int count, ReadOnlySpan<Entry> entries)
    {
        BinaryPrimitives.WriteUInt32LittleEndian(header, Magic);
        BinaryPrimitives.WriteUInt16LittleEndian(header[CountAt..], (ushort)count);
        for (int i = 0; i < entries.Length; i++)
        {
            var bytes = header.Slice(EntriesAt + i * EntryLength, EntryLength);
            bytes[0] = entries[i].IsCompressed ? (byte)1 : (byte)0;
            BinaryPrimitives.WriteUInt32LittleEndian(bytes[1..], (uint)entries[i].Length);
            BinaryPrimitives.WriteUInt32LittleEndian(bytes[5..], (uint)entries[i].RawLength);
            BinaryPrimitives.WriteUInt32LittleEndian(bytes[9..], entries[i].Checksum);
        }

        BinaryPrimitives.WriteUInt32LittleEndian(header[(Length - sizeof(uint))..], Crc32C.Of(header[..(Length - sizeof(uint))]));
    }

    /// <summary>The location of a section.</summary>
    /// <param name="IsCompressed">Whether the section is compressed with Brotli (RFC 7932).</param>
    /// <param name="Start">The offset from the start of the block.</param>
    /// <param name="Length">The stored length in bytes.</param>
    /// <param name="RawLength">The decompressed length in bytes.</param>
    /// <param name="Checksum">The CRC-32C of the stored bytes.</param>
    internal readonly record struct Entry(bool IsCompressed, int Start, int Length, int RawLength, uint Checksum);
}
