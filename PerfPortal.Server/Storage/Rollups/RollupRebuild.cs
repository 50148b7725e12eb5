using PerfPortal.Domain.Journal;
using PerfPortal.Domain.Operations;
using PerfPortal.Domain.Statistics;

namespace PerfPortal.Server.Storage.Rollups;

/// <summary>Rebuilds rollups from operations or from finer rollups.</summary>
internal static class RollupRebuild
{
    /// <summary>Returns the first microsecond of a minute.</summary>
    public static long FirstMicrosecond(long minute) => minute * 60_000_000;

    /// <summary>Computes the rollups of one minute from the operations that ended in it; other operations are ignored.</summary>
    public static IReadOnlyCollection<RollupDelta> MinuteFromRows(long minute, IEnumerable<Operation> operations) => MinutesFromRows([minute], operations)[minute];

    /// <summary>Computes the rollups of some minutes from the operations that ended in them; other operations and those of removed sources are ignored.</summary>
    public static IReadOnlyDictionary<long, IReadOnlyCollection<RollupDelta>> MinutesFromRows(IReadOnlyCollection<long> minutes, IEnumerable<Operation> operations)
    {
        var rollups = minutes.ToDictionary(minute => minute, _ => new Dictionary<(SeriesKey, OperationStatus), RollupDelta>());
        foreach (var operation in operations.Where(operation => !RemovedSource.Is(operation.Source)))
        {
            long minute = RollupBuckets.Of(RollupResolution.Minute, operation.EndTime!.Value);
            if (rollups.TryGetValue(minute, out var mine))
            {
                OperationFigures.AddTo(Of(mine, RollupResolution.Minute, minute, new(operation.MetricType, operation.Source, operation.Name), operation.Status), operation);
            }
        }

        return rollups.ToDictionary(minute => minute.Key, minute => (IReadOnlyCollection<RollupDelta>)minute.Value.Values);
    }

    /// <summary>Computes the rollups of one hour from those of its minutes.</summary>
    public static IReadOnlyCollection<RollupDelta> HourFromMinutes(long hour, IEnumerable<RollupDelta> minutes)
    {
        var rollups = new Dictionary<(SeriesKey, OperationStatus), RollupDelta>();
        foreach (var minute in minutes)
        {
            Of(rollups, RollupResolution.Hour, hour, minute.Series, minute.Outcome).Merge(minute.Rollup);
        }

        return rollups.Values;
    }

    /// <summary>
    /// Selects, per metric type, either the stored or the rebuilt rollups. Stored counts never exceed the operations they summarize (except for abandoned
    /// operations, which can be replaced), so a higher stored count means that operations were deleted since, such as when rows expire before rollups.
    /// </summary>
    public static IReadOnlyCollection<RollupDelta> Choose(IReadOnlyCollection<RollupDelta> stored, IReadOnlyCollection<RollupDelta> made)
    {
        static long Count(IEnumerable<RollupDelta> deltas, MetricType type) =>
            deltas.Where(delta => delta.Series.MetricType == type && delta.Outcome != OperationStatus.Abandoned).Sum(delta => delta.Rollup.Count);

        return
        [
            .. stored.Concat(made).Select(delta => delta.Series.MetricType).Distinct()
                .SelectMany(type => (Count(stored, type) > Count(made, type) ? stored : made).Where(delta => delta.Series.MetricType == type)),
        ];
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
