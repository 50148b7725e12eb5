using System.Buffers.Binary;
using PerfPortal.Domain.Statistics;
using PerfPortal.Server.Storage.Blocks;

namespace PerfPortal.Server.Storage.Rollups;

/// <summary>
/// The format of a row with the merged minutes of an hour: the output of <see cref="RollupPageFormat.WriteMinutes"/>, followed by its CRC-32C, little-endian. The checksum
/// is present because corruption would affect sixty minutes at once.
/// </summary>
internal static class MinutesOfHourFormat
{
    /// <summary>Serializes the rollups of an hour's minutes.</summary>
    public static byte[] Write(IEnumerable<(int Minute, PageKey Key, Rollup Rollup)> rollups)
    {
        byte[] minutes = RollupPageFormat.WriteMinutes(rollups);
        byte[] data = [.. minutes, 0, 0, 0, 0];
        BinaryPrimitives.WriteUInt32LittleEndian(data.AsSpan(minutes.Length), Crc32C.Of(minutes));
        return data;
    }

    /// <summary>Reads the pages of the selected minutes, 0–59.</summary>
    /// <exception cref="InvalidDataException">The data is corrupt.</exception>
    public static IReadOnlyList<(int Minute, RollupPage Page)> Read(ReadOnlySpan<byte> data, Func<int, bool> isWanted, Func<PageKey, int> seriesOf)
    {
        int length = data.Length - sizeof(uint);
        return length >= 0 && BinaryPrimitives.ReadUInt32LittleEndian(data[length..]) == Crc32C.Of(data[..length])
            ? RollupPageFormat.ReadMinutes(data[..length], isWanted, seriesOf)
            : throw new InvalidDataException("The checksum of the merged minutes of an hour does not match.");
    }
}
