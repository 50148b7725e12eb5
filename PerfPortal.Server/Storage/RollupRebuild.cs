using PerfPortal.Domain.Journal;
using PerfPortal.Domain.Operations;
using PerfPortal.Domain.Statistics;

namespace PerfPortal.Server.Storage;

/// <summary>Makes rollups anew from what they summarize.</summary>
internal static class RollupRebuild
{
    /// <summary>The first microsecond of a minute.</summary>
    public static long FirstMicrosecond(long minute) => minute * 60_000_000;

    /// <summary>The hour that a minute lies in.</summary>
    public static long HourOf(long minute) => (long)Math.Floor(minute / 60.0);

    /// <summary>The rollups of one minute from operations among which are those that ended in it.</summary>
    public static IReadOnlyCollection<RollupDelta> MinuteFromRows(long minute, IEnumerable<Operation> operations)
    {
        var rollups = new Dictionary<(SeriesKey, OperationStatus), RollupDelta>();
        foreach (var operation in operations.Where(operation => RollupBuckets.Of(RollupResolution.Minute, operation.EndTime!.Value) == minute))
        {
            OperationFigures.AddTo(Of(rollups, RollupResolution.Minute, minute, new(operation.MetricType, operation.Source, operation.Name), operation.Status), operation);
        }

        return rollups.Values;
    }

    /// <summary>The rollups of one hour from those of its minutes.</summary>
    public static IReadOnlyCollection<RollupDelta> HourFromMinutes(long hour, IEnumerable<RollupDelta> minutes)
    {
        var rollups = new Dictionary<(SeriesKey, OperationStatus), RollupDelta>();
        foreach (var minute in minutes)
        {
            Of(rollups, RollupResolution.Hour, hour, minute.Series, minute.Outcome).Merge(minute.Rollup);
        }

        return rollups.Values;
    }

    private static Rollup Of(
        Dictionary<(SeriesKey, OperationStatus), RollupDelta> rollups, RollupResolution resolution, long bucket, SeriesKey series, OperationStatus outcome)
    {
        if (!rollups.TryGetValue((series, outcome), out var delta))
        {
            rollups.Add((series, outcome), delta = new(resolution, bucket, series, outcome, new()));
        }

        return delta.Rollup;
    }
}
