using System.Buffers;
using System.IO.Compression;

namespace PerfPortal.Domain.Statistics;

/// <summary>How a page is encoded.</summary>
public enum PageDensity
{
    /// <summary>Uncompressed: for pages that are written every second.</summary>
    Plain,

    /// <summary>Compressed if that saves space: for pages that rarely change.</summary>
    Packed,
}

/// <summary>
/// The columnar binary format of a page; the document on the storage format describes it byte by byte. Numbers are encoded as <see cref="Varint"/>.
/// The first byte is version 1, or 2 for the minutes of an hour, plus 128 when the rest is the length of the body followed by the body compressed with Brotli.
/// </summary>
public static class RollupPageFormat
{
    private const byte OnePage = 1;
    private const byte MinutesOfHour = 2;
    private const byte Compressed = 128;

    // Limits memory allocation for a corrupt length.
    private const int SmallBody = 1 << 16;
    private const int MaxCompression = 512;

    /// <summary>Writes rollups in the order of their keys, which must be unique.</summary>
    /// <exception cref="ArgumentException">A key occurs twice.</exception>
    public static byte[] Write(IEnumerable<KeyValuePair<PageKey, Rollup>> rollups, PageDensity density)
    {
        var entries = rollups.OrderBy(entry => entry.Key).ToList();
        byte[] body = WriteBody([.. entries.Select(entry => entry.Key)], [], [.. entries.Select(entry => entry.Value)]);
        return (density == PageDensity.Plain ? null : Compress(OnePage, body)) ?? [OnePage, .. body];
    }

    /// <summary>
    /// Writes the minutes of an hour together, compressed, with only the bucket of each duration: counts and quantiles are unchanged, while sum, minimum and maximum
    /// are within <see cref="DurationSketch.RelativeError"/>. For minutes whose hour rollup contains the exact sums.
    /// </summary>
    /// <param name="rollups">The rollups of each minute, 0–59; keys must be unique within a minute.</param>
    /// <exception cref="ArgumentException">A key occurs twice in a minute, or a minute is not within 0–59.</exception>
    public static byte[] WriteMinutes(IEnumerable<(int Minute, PageKey Key, Rollup Rollup)> rollups)
    {
        var entries = rollups.OrderBy(entry => entry.Key).ThenBy(entry => entry.Minute).ToList();
        foreach (var (minute, _, _) in entries)
        {
            ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)minute, (uint)RollupKeyColumns.Minutes, nameof(rollups));
        }

        byte[] body = WriteBody([.. entries.Select(entry => entry.Key)], [.. entries.Select(entry => (byte)entry.Minute)], [.. entries.Select(entry => entry.Rollup)]);
        return Compress(MinutesOfHour, body) ?? [MinutesOfHour, .. body];
    }

    /// <summary>Reads a page; <paramref name="seriesOf"/> maps each key to the number of its series (the outcome is stored separately).</summary>
    /// <exception cref="InvalidDataException">The bytes are not a page, or a page of an unsupported version.</exception>
    public static RollupPage Read(ReadOnlySpan<byte> bytes, Func<PageKey, int> seriesOf)
    {
        ArgumentNullException.ThrowIfNull(seriesOf);
        var body = Open(bytes, OnePage);
        var (keys, _) = RollupKeyColumns.Read(ref body, haveMinutes: false);
        return ReadPage(body, keys, isDense: false, i => seriesOf(keys[i]));
    }

    /// <summary>Reads the output of <see cref="WriteMinutes"/> as one page per non-empty minute, in order.</summary>
    /// <param name="bytes">The bytes.</param>
    /// <param name="isWanted">Whether to return a minute, 0–59.</param>
    /// <param name="seriesOf">Maps a key to the number of its series (the outcome is stored separately).</param>
    /// <exception cref="InvalidDataException">The bytes are not minutes of an hour, or are of an unsupported version.</exception>
    public static IReadOnlyList<(int Minute, RollupPage Page)> ReadMinutes(ReadOnlySpan<byte> bytes, Func<int, bool> isWanted, Func<PageKey, int> seriesOf)
    {
        ArgumentNullException.ThrowIfNull(isWanted);
        ArgumentNullException.ThrowIfNull(seriesOf);
        var body = Open(bytes, MinutesOfHour);
        var (keys, minutes) = RollupKeyColumns.Read(ref body, haveMinutes: true);
        var rollups = ReadPage(body, keys, isDense: true, i => i).ToRollups();
        return
        [
            .. Enumerable.Range(0, keys.Length).GroupBy(i => (int)minutes[i]).Where(minute => isWanted(minute.Key)).OrderBy(minute => minute.Key)
                .Select(minute => (minute.Key, RollupPage.Of([.. minute.Select(i => (seriesOf(keys[i]), keys[i].Outcome, rollups[i].Rollup))]))),
        ];
    }

    /// <summary>Whether a page is compressed.</summary>
    public static bool IsPacked(ReadOnlySpan<byte> bytes) => !bytes.IsEmpty && (bytes[0] & Compressed) != 0;

    private static byte[] WriteBody(PageKey[] keys, byte[] minutes, Rollup[] rollups)
    {
        var body = new ArrayBufferWriter<byte>(64 + (keys.Length * 16));
        RollupKeyColumns.Write(body, keys, minutes);
        RollupDurationColumns.Write(body, rollups, isDense: minutes.Length > 0);
        FactColumns.Write(body, rollups);
        return body.WrittenSpan.ToArray();
    }

    private static RollupPage ReadPage(ReadOnlySpan<byte> body, PageKey[] keys, bool isDense, Func<int, int> seriesOf)
    {
        var page = RollupDurationColumns.Read(ref body, keys, isDense, seriesOf).Build(body.ToArray());
        FactColumns.Read(body, page.Count, (_, _) => { }, (_, _, _) => { });
        return page;
    }

    private static ReadOnlySpan<byte> Open(ReadOnlySpan<byte> bytes, byte version)
    {
        byte head = Varint.ReadByte(ref bytes);
        if ((head & ~Compressed) != version)
        {
            throw new InvalidDataException($"Page version {head & ~Compressed} is not supported.");
        }

        if ((head & Compressed) == 0)
        {
            return bytes;
        }

        int length = (int)Varint.ReadCount(ref bytes, SmallBody + ((long)bytes.Length * MaxCompression), "The length of a page");
        byte[] body = new byte[length];
        return BrotliDecoder.TryDecompress(bytes, body, out int written) && written == length ? body : throw new InvalidDataException("A page cannot be decompressed.");
    }

    private static byte[]? Compress(byte version, ReadOnlySpan<byte> body)
    {
        const int Quality = 9;
        const int Window = 22;
        var head = new ArrayBufferWriter<byte>(8);
        head.Write([(byte)(version | Compressed)]);
        Varint.Write(head, body.Length);
        byte[] packed = new byte[BrotliEncoder.GetMaxCompressedLength(body.Length)];
        return BrotliEncoder.TryCompress(body, packed, out int length, Quality, Window) && head.WrittenCount + length <= body.Length && body.Length <= SmallBody + ((long)length * MaxCompression)
            ? [.. head.WrittenSpan, .. packed.AsSpan(0, length)]
            : null;
    }
}
