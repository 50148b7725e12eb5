using PerfPortal.Domain.Journal;
using PerfPortal.Domain.Operations;
using PerfPortal.Domain.Statistics;
using PerfPortal.Server.Storage;
using PerfPortal.Server.Storage.Model;
using PerfPortal.Server.Storage.Rollups;
using Xunit;

namespace PerfPortal.Tests.Storage.Rollups;

/// <summary>New rows from rows that hold more than the one minute, as SQL Server reads them.</summary>
public sealed class RollupPageMergeTests
{
    private const long Hour = 480_000;
    private const long Minute = (Hour * RollupPageKeys.Minutes) + 7;
    private static readonly SeriesKey Series = new(MetricType.ModelOperation, "source", "name");
    private static readonly PageKey Key = new((byte)MetricType.ModelOperation, 1, 1, (byte)OperationStatus.Succeeded);

    private readonly NameDirectory _directory = new();
    private readonly RollupPageMerge _merge;

    public RollupPageMergeTests()
    {
        _directory.Sources.Add(1, "source");
        _directory.Names.Add(1, "name");
        _merge = new(_directory, delta => new(
            (byte)delta.Series.MetricType, _directory.Sources.Find(delta.Series.Source)!.Value, _directory.Names.Find(delta.Series.Name)!.Value, (byte)delta.Outcome));
    }

    [Fact]
    public void A_minute_is_added_to_what_its_own_row_holds()
    {
        RollupPageRow[] rows = [Own(Minute - 1, 100), Own(Minute, 2), Own(Minute + 1, 100), Together((7, 50), (8, 50)), HourRow(1_000)];
        Assert.Equal(3, CountOf(_merge.Add(RollupResolution.Minute, Minute, [Delta(RollupResolution.Minute, Minute, 1)], rows)));
        Assert.Equal(1_004, CountOf(_merge.Add(RollupResolution.Hour, Hour, [Delta(RollupResolution.Hour, Hour, 4)], rows)));
    }

    [Fact]
    public void A_minute_without_its_own_row_is_added_to_what_the_row_of_its_hour_holds()
    {
        RollupPageRow[] rows = [Own(Minute + 1, 100), Together((7, 50), (8, 60))];
        var row = _merge.Add(RollupResolution.Minute, Minute, [Delta(RollupResolution.Minute, Minute, 1)], rows);
        Assert.Equal(RollupPageKeys.Of(RollupResolution.Minute, Minute), row.Key);
        Assert.Equal(51, CountOf(row));
    }

    [Fact]
    public void An_hour_is_rebuilt_from_its_own_minutes()
    {
        RollupPageRow[] rows = [Own(Minute, 2), Own(Minute + 1, 3), Together((7, 50), (9, 4)), Own(Minute + RollupPageKeys.Minutes, 100), HourRow(1)];
        Assert.Equal(9, CountOf(_merge.RebuildHour(Hour, rows, rows)));
    }

    [Fact]
    public void Damaged_minutes_are_named_and_rebuilt()
    {
        RollupPageRow[] rows = [Own(Minute, 2), new() { Key = RollupPageKeys.Of(RollupResolution.Minute, Minute + 1), Data = [255] }];
        Assert.Equal([Minute + 1], _merge.DamagedMinutes(Hour, rows));
        Assert.Empty(_merge.DamagedMinutes(Hour, rows[..1]));
        Assert.Throws<InvalidDataException>(() => _merge.Add(RollupResolution.Minute, Minute + 1, [Delta(RollupResolution.Minute, Minute + 1, 1)], rows));
        var end = DateTimeOffset.UnixEpoch.AddMinutes(Minute + 1).AddSeconds(5);
        var operation = new Operation
        {
            Id = Guid.NewGuid(),
            MetricType = Series.MetricType,
            Name = Series.Name,
            Source = Series.Source,
            Status = OperationStatus.Succeeded,
            StartTime = end.AddSeconds(-1),
            EndTime = end,
        };
        Assert.Equal(1, CountOf(_merge.RebuildMinute(Minute + 1, [operation, operation with { EndTime = end.AddMinutes(1) }], rows)));
    }

    private static Rollup Rollup(int count)
    {
        var rollup = new Rollup();
        for (int i = 0; i < count; i++)
        {
            rollup.Add(1);
        }

        return rollup;
    }

    private static RollupDelta Delta(RollupResolution resolution, long bucket, int count) => new(resolution, bucket, Series, OperationStatus.Succeeded, Rollup(count));

    private static RollupPageRow Own(long minute, int count) => Row(RollupPageKeys.Of(RollupResolution.Minute, minute), count);

    private static RollupPageRow HourRow(int count) => Row(RollupPageKeys.Of(RollupResolution.Hour, Hour), count);

    private static RollupPageRow Row(long key, int count) =>
        new() { Key = key, Data = RollupPageFormat.Write([KeyValuePair.Create(Key, Rollup(count))], PageDensity.Plain) };

    private static RollupPageRow Together(params (int Minute, int Count)[] minutes) => new()
    {
        Key = RollupPageKeys.Of(RollupPageKeys.MinutesOfHour, Hour),
        Data = MinutesOfHourFormat.Write(minutes.Select(minute => (minute.Minute, Key, Rollup(minute.Count)))),
    };

    private static long CountOf(RollupPageRow row) => Assert.Single(RollupPageFormat.Read(row.Data, _ => 0).ToRollups()).Rollup.Count;
}
