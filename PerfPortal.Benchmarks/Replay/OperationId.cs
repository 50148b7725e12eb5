using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace PerfPortal.Benchmarks.Replay;

/// <summary>
/// The id of a replayed operation: a UUID of version 8 (RFC 9562, section 5.8) made of SHA-256 over
/// <c>trace#row</c>, so that the same row always has the same id and a second replay counts nothing twice.
/// </summary>
internal static class OperationId
{
    /// <summary>The id of one row.</summary>
    /// <param name="trace">The file's name without directories and <c>.gz</c>.</param>
    /// <param name="row">The row's number; the first row below the header is 1.</param>
    public static Guid Of(string trace, long row)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{trace}#{row}")), hash);
        var id = hash[..16];
        id[6] = (byte)((id[6] & 0x0F) | 0x80);
        id[8] = (byte)((id[8] & 0x3F) | 0x80);
        return new Guid(id, bigEndian: true);
    }
}
