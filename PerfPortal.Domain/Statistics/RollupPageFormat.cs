using System.Buffers;
using System.IO.Compression;

namespace PerfPortal.Domain.Statistics;

/// <summary>How a page is written.</summary>
public enum PageDensity
{
    /// <summary>As it is, at once: for pages that are written every second.</summary>
    Plain,

    /// <summary>The same, compressed where that pays: for pages that change seldom.</summary>
    Packed,
}

/// <summary>
/// The bytes of a page, column below column; the document on the storage format shows them one by one. A number is 7 bits a byte, low bits first.
/// First a byte: version 1, or 2 for the minutes of an hour together, plus 128 when the rest is the body's length and the body compressed by Brotli.
/// </summary>
public static class RollupPageFormat
{
    private const byte OnePage = 1;
    private const byte MinutesOfHour = 2;
    private const byte Compressed = 128;

    // A damaged length must not take memory without end.
    private const int SmallBody = 1 << 16;
    private const int MaxCompression = 512;

    /// <summary>Writes rollups, whose keys are all different, in the order of their keys.</summary>
    /// <exception cref="ArgumentException">A key is there twice.</exception>
    public static byte[] Write(IEnumerable<KeyValuePair<PageKey, Rollup>> rollups, PageDensity density)
    {
        var entries = rollups.OrderBy(entry => entry.Key).ToList();
        byte[] body = WriteBody([.. entries.Select(entry => entry.Key)], [], [.. entries.Select(entry => entry.Value)]);
        return (density == PageDensity.Plain ? null : Compress(OnePage, body)) ?? [OnePage, .. body];
    }

    /// <summary>
    /// Writes the minutes of an hour together, compressed, each duration by its bucket alone: counts and quantiles stay what they were, while sum, least and greatest
    /// are within <see cref="DurationSketch.RelativeError"/>. For minutes whose hour keeps the sums.
    /// </summary>
    /// <param name="rollups">The rollups of each minute, 0–59; no key twice in a minute.</param>
    /// <exception cref="ArgumentException">A key is there twice in a minute, or a minute is no minute of an hour.</exception>
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

    /// <summary>Reads a page; each key becomes the number that <paramref name="seriesOf"/> gives it (the outcome stays apart).</summary>
    /// <exception cref="InvalidDataException">The bytes are no page, or one of a version not known here.</exception>
    public static RollupPage Read(ReadOnlySpan<byte> bytes, Func<PageKey, int> seriesOf)
    {
        ArgumentNullException.ThrowIfNull(seriesOf);
        var body = Open(bytes, OnePage);
        var (keys, _) = RollupKeyColumns.Read(ref body, haveMinutes: false);
        return ReadPage(body, keys, isDense: false, i => seriesOf(keys[i]));
    }

    /// <summary>Reads what <see cref="WriteMinutes"/> wrote as a page for each minute that is not empty, in order.</summary>
    /// <param name="bytes">The bytes.</param>
    /// <param name="isWanted">Whether a minute, 0–59, is to be read.</param>
    /// <param name="seriesOf">The number that a key becomes (the outcome stays apart).</param>
    /// <exception cref="InvalidDataException">The bytes are no minutes of an hour, or of a version not known here.</exception>
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
            throw new InvalidDataException($"A page of version {head & ~Compressed} is not known here.");
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
