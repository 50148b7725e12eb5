using Microsoft.Data.Sqlite;
using PerfPortal.Domain.Journal;
using PerfPortal.Domain.Operations;
using PerfPortal.Domain.Statistics;
using PerfPortal.Server.Storage;
using PerfPortal.Server.Storage.Rollups;
using PerfPortal.Tests.Journal;
using Xunit;

namespace PerfPortal.Tests.Storage.Sqlite;

/// <summary>Minutes that lie together in a row of their hour.</summary>
public sealed class SqliteGatheredMinutesTests : BlockStoreFixture
{
    private const int Hours = 3;
    private static readonly long First = RollupBuckets.Of(RollupResolution.Minute, Noon);

    private readonly RollupBuffer _book = new(TimeProvider.System);

    [Fact]
    public async Task Minutes_come_back_as_they_were()
    {
        await ReportAsync(Day());
        var before = await ReadAsync();
        Gather(Noon.AddHours(Hours));
        Assert.Equal((0, Hours), (await RowsAsync(RollupResolution.Minute), await RowsAsync(RollupPageKeys.MinutesOfHour)));
        var after = await ReadAsync();
        Assert.Equal(before.Keys, after.Keys);
        Assert.All(after, minute =>
        {
            var (expected, found) = (before[minute.Key], minute.Value);
            Assert.Equal(expected.Select(rollup => (rollup.Series, rollup.Outcome, rollup.Rollup.Count)), found.Select(rollup => (rollup.Series, rollup.Outcome, rollup.Rollup.Count)));
            Assert.Equal(expected.Select(rollup => rollup.Rollup.Facts["tokens"]), found.Select(rollup => rollup.Rollup.Facts["tokens"]));
            Assert.All(expected.Zip(found), pair => Assert.InRange(pair.Second.Rollup.Sum, pair.First.Rollup.Sum * 0.99, pair.First.Rollup.Sum * 1.01));
        });
    }

    [Fact]
    public void The_bytes_are_those_of_the_document()
    {
        var (three, five) = (new Rollup(), new Rollup());
        three.Add(1.5);
        five.Add(2);
        var key = new PageKey(4, 2, 3, 1);
        Assert.Equal("02020200030021210302010105054b5a0ea34571", Convert.ToHexStringLower(MinutesOfHourFormat.Write([(5, key, five), (3, key, three)])));
    }

    [Fact]
    public async Task A_part_of_gathered_minutes_is_read_in_order()
    {
        await ReportAsync(Day());
        Gather(Noon.AddHours(2.5));
        Assert.Equal((60, 2), (await RowsAsync(RollupResolution.Minute), await RowsAsync(RollupPageKeys.MinutesOfHour)));
        Assert.Equal(Enumerable.Range(50, 80).Select(i => First + i), (await ReadAsync(First + 50, First + 130)).Keys);
    }

    [Fact]
    public async Task A_late_report_changes_its_minute_alone()
    {
        await ReportAsync(Day());
        Gather(Noon.AddHours(Hours));
        await ReportAsync([With(Op((70 * 60) + 5, name: "late"))]);
        Assert.Equal(1, await RowsAsync(RollupResolution.Minute));
        await AssertCountsAsync(minute => minute == 70 ? 3 : 2);

        // The next start gathers it with the others.
        await ReopenAsync();
        Gather(Noon.AddHours(Hours));
        Assert.Equal((0, Hours), (await RowsAsync(RollupResolution.Minute), await RowsAsync(RollupPageKeys.MinutesOfHour)));
        await AssertCountsAsync(minute => minute == 70 ? 3 : 2);
    }

    [Fact]
    public async Task A_minute_that_a_crash_left_dirty_is_made_anew_among_gathered_ones()
    {
        await ReportAsync(Day());
        Gather(Noon.AddHours(Hours));
        await EndAsync(With(Op((70 * 60) + 5, name: "late")));
        await ReopenAsync();
        await Store.RebuildRollupsAsync(await Store.ReadDirtyMinutesAsync(Token), Token);
        await AssertCountsAsync(minute => minute == 70 ? 3 : 2);
    }

    [Fact]
    public async Task A_minute_that_became_empty_stays_empty()
    {
        var lost = Op(30, status: OperationStatus.Abandoned);
        await ReportAsync([lost]);
        Gather(Noon.AddHours(Hours));
        Database.Write((writer, _) =>
        {
            writer.Rollups.RebuildMinute(First, []);
            return 0;
        });
        Assert.Empty(await ReadAsync());
        await ReopenAsync();
        Gather(Noon.AddHours(Hours));
        Assert.Equal(0, await RowsAsync(RollupResolution.Minute));
        Assert.Empty(await ReadAsync());
    }

    [Fact]
    public async Task Gathered_minutes_expire_with_the_last_of_their_hour()
    {
        await ReportAsync(Day());
        Gather(Noon.AddHours(2));
        Assert.Equal(1, await PurgeAsync(Noon.AddMinutes(90)));
        Assert.Equal(0, await PurgeAsync(Noon.AddMinutes(90)));
        Assert.Equal(Enumerable.Range(60, 120).Select(i => First + i), (await ReadAsync()).Keys);
        Assert.Equal(31, await PurgeAsync(Noon.AddMinutes(150)));
        Assert.Equal(Enumerable.Range(150, 30).Select(i => First + i), (await ReadAsync()).Keys);
    }

    [Fact]
    public async Task Damage_is_noticed_passed_over_and_mended_by_the_next_report_to_its_hour()
    {
        await ReportAsync(Day());
        Gather(Noon.AddHours(Hours));
        long damaged = RollupPageKeys.Of(RollupPageKeys.MinutesOfHour, RollupBuckets.HourOf(First) + 1);
        await ExecuteAsync($"UPDATE rollup_pages SET data = substr(data, 1, length(data) - 1) WHERE key = {damaged}");
        await Assert.ThrowsAsync<InvalidDataException>(() => ReadAsync());
        Assert.Equal(60, (await ReadAsync(First, First + 60)).Count);
        await ReopenAsync();
        Gather(Noon.AddHours(Hours));
        await Assert.ThrowsAsync<InvalidDataException>(() => ReadAsync());

        await ReportAsync([With(Op((70 * 60) + 5, name: "late")), With(Op((75 * 60) + 5, name: "late"))]);
        await AssertCountsAsync(minute => minute is 70 or 75 ? 3 : 2);
        await ReopenAsync();
        Gather(Noon.AddHours(Hours));
        Assert.Equal((0, Hours), (await RowsAsync(RollupResolution.Minute), await RowsAsync(RollupPageKeys.MinutesOfHour)));
        await AssertCountsAsync(minute => minute is 70 or 75 ? 3 : 2);
    }

    /// <summary>Two operations of different names in each minute of some hours.</summary>
    private static Operation[] Day() => [.. Enumerable.Range(0, Hours * 60).SelectMany(i => new[] { With(Op((i * 60) + 10, 0.1 + i)), With(Op((i * 60) + 20, 0.2, "store")) })];

    private static Operation With(Operation operation) => operation with { Metadata = Metadata.Of([new("tokens", MetadataValue.From(operation.EndTime!.Value.Minute * 7L))]) };

    private async Task ReportAsync(Operation[] operations)
    {
        await EndAsync(operations);
        foreach (var operation in operations)
        {
            _book.Add(operation);
        }

        await _book.FlushAsync(Store, Token);
    }

    private void Gather(DateTimeOffset before)
    {
        while (Database.PackRollups(before, before, Token))
        {
        }
    }

    private ValueTask<int> PurgeAsync(DateTimeOffset before) => Database.PurgeAsync(new(PurgeKind.Rollups, (byte)RollupResolution.Minute, before, 1_000), Token);

    private async Task<Dictionary<long, List<RollupDelta>>> ReadAsync(long from = 0, long to = long.MaxValue)
    {
        var found = new Dictionary<long, List<RollupDelta>>();
        var series = new SeriesIndex();
        await Reader.ReadRollupsAsync(RollupResolution.Minute, from, to, series, (minute, page) => found.Add(minute, [.. RollupPages.ToDeltas(RollupResolution.Minute, minute, page, series)]), Token);
        return found;
    }

    private async Task AssertCountsAsync(Func<int, long> expected)
    {
        var minutes = await ReadAsync();
        Assert.Equal(Enumerable.Range(0, Hours * 60).Select(i => (First + i, expected(i))), minutes.Select(minute => (minute.Key, minute.Value.Sum(rollup => rollup.Rollup.Count))));
        long hours = 0;
        await Reader.ReadRollupsAsync(RollupResolution.Hour, 0, long.MaxValue, new(), (_, page) => hours += page.Counts.ToArray().Sum(), Token);
        Assert.Equal(Enumerable.Range(0, Hours * 60).Sum(expected), hours);
    }

    private async Task<int> RowsAsync(RollupResolution kind)
    {
        await using var connection = new SqliteConnection($"Data Source={DatabaseFile};Pooling=false");
        await connection.OpenAsync(Token);
        await using var command = connection.CreateCommand();
        command.CommandText = $"SELECT COUNT(*) FROM rollup_pages WHERE key % 4 = {(long)kind}";
        return (int)(long)(await command.ExecuteScalarAsync(Token))!;
    }
}
