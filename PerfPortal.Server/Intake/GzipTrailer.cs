using System.Buffers.Binary;

namespace PerfPortal.Server.Intake;

/// <summary>
/// Tells whether a gzip body came to its end: RFC 1952, 2.3.1 closes every member with the CRC-32 and the length of what it holds.
/// .NET's stream passes over a body that breaks off.
/// </summary>
internal static class GzipTrailer
{
    /// <summary>Bytes of a trailer.</summary>
    public const int Length = 8;

    private static readonly uint[] Table = MakeTable();

    /// <summary>Whether the last bytes as sent are the trailer of a member that ends the content.</summary>
    public static bool Closes(ReadOnlySpan<byte> lastSent, ReadOnlySpan<byte> content)
    {
        if (lastSent.Length != Length)
        {
            return false;
        }

        uint length = BinaryPrimitives.ReadUInt32LittleEndian(lastSent[4..]);
        return length <= content.Length && Crc(content[^(int)length..]) == BinaryPrimitives.ReadUInt32LittleEndian(lastSent);
    }

    private static uint Crc(ReadOnlySpan<byte> bytes)
    {
        uint crc = uint.MaxValue;
        foreach (byte value in bytes)
        {
            crc = Table[(byte)(crc ^ value)] ^ (crc >> 8);
        }

        return ~crc;
    }

    private static uint[] MakeTable()
    {
        uint[] table = new uint[256];
        for (uint i = 0; i < table.Length; i++)
        {
            uint value = i;
            for (int bit = 0; bit < 8; bit++)
            {
                value = (value & 1) != 0 ? 0xEDB88320 ^ (value >> 1) : value >> 1;
            }

            table[i] = value;
        }

        return table;
    }
}
