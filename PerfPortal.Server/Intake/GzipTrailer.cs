using System.Buffers.Binary;
using System.IO.Hashing;

namespace PerfPortal.Server.Intake;

/// <summary>
/// Detects truncated gzip bodies. By RFC 1952, 2.3.1, every member ends with the CRC-32 and the length of its content;
/// the stream of .NET accepts a truncated body silently.
/// </summary>
internal static class GzipTrailer
{
    /// <summary>The length of a trailer in bytes.</summary>
    public const int Length = 8;

    /// <summary>Returns whether <paramref name="lastSent"/> is the trailer of the last member of <paramref name="content"/>.</summary>
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
