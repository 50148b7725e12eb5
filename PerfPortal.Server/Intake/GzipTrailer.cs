using System.Buffers.Binary;
using System.IO.Hashing;

namespace PerfPortal.Server.Intake;

/// <summary>
/// Tells whether a gzip body came to its end: RFC 1952, 2.3.1 closes every member with the CRC-32 and the length of what it holds.
/// .NET's stream passes over a body that breaks off.
/// </summary>
internal static class GzipTrailer
{
    /// <summary>Bytes of a trailer.</summary>
    public const int Length = 8;

    /// <summary>Whether the last bytes as sent are the trailer of a member that ends the content.</summary>
    public static bool Closes(ReadOnlySpan<byte> lastSent, ReadOnlySpan<byte> content)
    {
        if (lastSent.Length != Length)
        {
            return false;
        }

        uint length = BinaryPrimitives.ReadUInt32LittleEndian(lastSent[4..]);
        return length <= content.Length && Crc32.HashToUInt32(content[^(int)length..]) == BinaryPrimitives.ReadUInt32LittleEndian(lastSent);
    }
}
