using PerfPortal.Domain.Findings;
using PerfPortal.Domain.Operations;
using PerfPortal.Domain.Statistics;
using PerfPortal.Domain.Text;

namespace PerfPortal.Domain.Analysis.Regressions.Causes;

/// <summary>
/// More operations of the name run at the same time on a host than before, and those that start beside others are slower. Slower operations overlap more by themselves (Little, "A proof for the
/// queuing formula L = λW", 1961), so the overlap must have grown by more than the durations did. Measured from the starts and ends of the operations read.
/// </summary>
internal static class ConcurrencyCauses
{
    private const int MinimumOperations = 20;
    private const int MinimumGroup = 10;

    // Half an operation more at the same time, and half as much again as the longer durations explain.
    private const double MinimumRise = 0.5;
    private const double BeyondDurations = 1.5;
    private const double Slower = 1.05;
    private const double Heaviest = 0.75;

    // Without quiet moments nothing shows that the overlap is what makes them slow.
    private const double Unproven = 0.5;

    public static IEnumerable<FindingCause> Find(IReadOnlyList<Operation> before, IReadOnlyList<Operation> after)
    {
        var then = Counted(before);
        var now = Counted(after);
        if (then.Count < MinimumOperations || now.Count < MinimumOperations)
        {
            yield break;
        }

        double others = now.Average(operation => operation.Others);
        double known = then.Average(operation => operation.Others);
        double longer = Median(now) / Median(then);
        if (others - known < MinimumRise || !(longer > 0) || others < BeyondDurations * Math.Max(1, longer) * known)
        {
            yield break;
        }

        var quiet = now.FindAll(operation => operation.Others <= known);
        var busy = now.FindAll(operation => operation.Others > known);
        bool isProven = quiet.Count >= MinimumGroup && busy.Count >= MinimumGroup;
        if (isProven && Median(busy) < Slower * Median(quiet))
        {
            yield break;
        }

        string beside = isProven ? $" Those that start beside more take {Format.Seconds(Median(busy))}, the others {Format.Seconds(Median(quiet))}." : "";
        yield return new(
            "concurrency", $"An operation starts beside {Format.Number(Math.Round(others, 1))} others of the same host, and started beside {Format.Number(Math.Round(known, 1))} before.{beside}",
            null, Heaviest * (isProven ? 1 : Unproven) * (1 - ((known + 1) / (others + 1))));
    }

    /// <summary>The operations with the number of others of the same source in progress when each started; those that began before the first one ended are left out, because what ran beside them was not read.</summary>
    private static List<(double Seconds, int Others)> Counted(IReadOnlyList<Operation> operations)
    {
        var counted = new List<(double, int)>();
        var ended = operations.Where(operation => operation.EndTime is not null).ToList();
        if (ended.Count == 0)
        {
            return counted;
        }

        var read = ended.Min(operation => operation.EndTime);
        foreach (var source in ended.GroupBy(operation => operation.Source))
        {
            var all = source.ToList();
            counted.AddRange(all.Where(operation => operation.StartTime >= read)
                .Select(operation => ((operation.EndTime!.Value - operation.StartTime).TotalSeconds, all.Count(other => other != operation && IsRunningAt(other, operation.StartTime)))));
        }

        return counted;
    }

    private static bool IsRunningAt(Operation operation, DateTimeOffset at) => operation.StartTime <= at && operation.EndTime > at;

    private static double Median(List<(double Seconds, int Others)> operations) => Robust.Median([.. operations.Select(operation => operation.Seconds)]) ?? 0;
}
