using System.Buffers.Binary;
using Microsoft.Data.Sqlite;
using PerfPortal.Domain.Journal;
using PerfPortal.Domain.Statistics;
using PerfPortal.Server.Storage.Blocks;

namespace PerfPortal.Server.Storage.Sqlite;

/// <summary>
/// What the rows of <c>rollup_pages</c> say of a range of minutes or hours. A minute stands in a row of its own or, when it is old, with the others in a row of its
/// hour. Its own row holds where both say something of it, be it that it is empty; so whoever changes a minute never touches the others.
/// </summary>
internal static class SqliteRollupRows
{
    /// <summary>The rows of the minutes of an hour are numbered by hours, and told from those of hours by this in their keys.</summary>
    public const RollupResolution MinutesOfHour = (RollupResolution)3;

    /// <summary>Selects key and data by <see cref="Range"/>, of one moment: first the rows of minutes or hours, then the rows of minutes of an hour.</summary>
    public const string Select =
        """
        SELECT key, data FROM rollup_pages WHERE key >= $1 AND key < $2 AND key % 4 = $3
        UNION ALL SELECT key, data FROM rollup_pages WHERE key >= $4 AND key < $5 AND key % 4 = 3
        """;

    // Room for a key to be made of any bucket.
    private const long Farthest = long.MaxValue / 8;
    private const int Minutes = 60;

    /// <summary>The key of a row: minutes and hours of the same time lie far apart, each in the order of time.</summary>
    public static long KeyOf(RollupResolution resolution, long bucket) => (bucket * 4) + (long)resolution;

    /// <summary>The minute or hour of a key.</summary>
    public static long BucketOf(long key) => key >> 2;

    /// <summary>The key behind the last row of minutes of an hour that ends before a minute or at its start; before all of them when the buckets are hours.</summary>
    public static long EndOfMinutes(RollupResolution resolution, long bucket) => resolution == RollupResolution.Minute ? KeyOf(MinutesOfHour, RollupBuckets.HourOf(bucket)) : 0;

    /// <summary>The values of <see cref="Select"/> for the buckets [<paramref name="from"/>, <paramref name="to"/>).</summary>
    public static object[] Range(RollupResolution resolution, long from, long to)
    {
        (from, to) = (Math.Max(from, -Farthest), Math.Min(to, Farthest));
        bool haveHours = resolution == RollupResolution.Minute && from < to;
        return
        [
            KeyOf(resolution, from), KeyOf(resolution, to), (long)resolution,
            haveHours ? KeyOf(MinutesOfHour, RollupBuckets.HourOf(from)) : 0L, haveHours ? KeyOf(MinutesOfHour, RollupBuckets.HourOf(to - 1) + 1) : 0L,
        ];
    }

    /// <summary>Reads the selected rows: a page for each bucket of the range that has one, empty ones among them.</summary>
    /// <exception cref="InvalidDataException">A row that is needed is damaged.</exception>
    public static SortedDictionary<long, RollupPage> Read(SqliteCommand select, long from, long to, Func<PageKey, int> seriesOf, CancellationToken cancellationToken)
    {
        var pages = new SortedDictionary<long, RollupPage>();
        var hours = new List<(long Hour, byte[] Data)>();
        using var reader = select.ExecuteReader();
        while (reader.Read())
        {
            cancellationToken.ThrowIfCancellationRequested();
            long key = reader.GetInt64(0);
            byte[] data = reader.GetFieldValue<byte[]>(1);
            if ((RollupResolution)(key & 3) == MinutesOfHour)
            {
                hours.Add((BucketOf(key), data));
            }
            else
            {
                pages.Add(BucketOf(key), RollupPageFormat.Read(data, seriesOf));
            }
        }

        foreach (var (hour, data) in hours)
        {
            cancellationToken.ThrowIfCancellationRequested();
            AddMinutes(pages, hour, data, from, to, seriesOf);
        }

        return pages;
    }

    /// <summary>The data of a row that holds minutes of an hour: as <see cref="RollupPageFormat.WriteMinutes"/> writes them, and the CRC-32C of that, little-endian.</summary>
    public static byte[] WriteMinutes(IEnumerable<(int Minute, PageKey Key, Rollup Rollup)> rollups)
    {
        byte[] minutes = RollupPageFormat.WriteMinutes(rollups);
        byte[] data = [.. minutes, 0, 0, 0, 0];
        BinaryPrimitives.WriteUInt32LittleEndian(data.AsSpan(minutes.Length), Crc32C.Of(minutes));
        return data;
    }

    private static void AddMinutes(SortedDictionary<long, RollupPage> pages, long hour, byte[] data, long from, long to, Func<PageKey, int> seriesOf)
    {
        var needed = Enumerable.Range(0, Minutes).Where(minute => (hour * Minutes) + minute is var at && at >= from && at < to && !pages.ContainsKey(at)).ToHashSet();
        if (needed.Count == 0)
        {
            return;
        }

        foreach (var (minute, page) in RollupPageFormat.ReadMinutes(Checked(data), needed.Contains, seriesOf))
        {
            pages.Add((hour * Minutes) + minute, page);
        }
    }

    private static ReadOnlySpan<byte> Checked(byte[] data)
    {
        int length = data.Length - sizeof(uint);
        return length >= 0 && BinaryPrimitives.ReadUInt32LittleEndian(data.AsSpan(length)) == Crc32C.Of(data.AsSpan(0, length))
            ? data.AsSpan(0, length)
            : throw new InvalidDataException("The checksum of the minutes of an hour is wrong.");
    }
}
