using System.Buffers.Binary;
using System.Numerics;

namespace PerfPortal.Server.Storage.Blocks;

/// <summary>
/// CRC-32C (RFC 3720, appendix B.4, reflected polynomial 0x82F63B78), hardware-accelerated where available.
/// Not provided by <c>System.IO.Hashing</c> 10, which supports only the IEEE 802.3 polynomial; this polynomial is part of the file format.
/// </summary>
internal static class Crc32C
{
    /// <summary>Computes the checksum of bytes.</summary>
    public static uint Of(ReadOnlySpan<byte> bytes)
    {
        uint crc = uint.MaxValue;
        while (bytes.Length >= sizeof(ulong))
        {
            crc = BitOperations.Crc32C(crc, BinaryPrimitives.ReadUInt64LittleEndian(bytes));
            bytes = bytes[sizeof(ulong)..];
        }

        foreach (byte value in bytes)
        {
            crc = BitOperations.Crc32C(crc, value);
        }

        return ~crc;
    }
}
