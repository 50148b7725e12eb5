using System.CommandLine;
using PerfPortal.Benchmarks.Measuring;
using PerfPortal.Benchmarks.Storage;

namespace PerfPortal.Benchmarks.Insight;

/// <summary>
/// The verb <c>eta</c>: replays the operations of traces and compares estimates of the remaining time with what came. The traces state no progress: each is replayed once
/// without, where only the history of the name is known, and once with made-up progress reports over the real duration (see <see cref="SimulatedProgress"/>).
/// </summary>
internal static class EtaVerb
{
    private const double LowestCoverage = 85;
    private const double HighestCoverage = 95;

    /// <summary>The verb.</summary>
    public static Command Create()
    {
        var files = new Option<string[]>("--trace")
        {
            Description = "A trace of operations (CSV, plain or .gz).",
            HelpName = "FILE",
            Required = true,
            AllowMultipleArgumentsPerToken = true,
        };
        return MeasurementVerb.Create(
            "eta", "Estimates of the remaining time, by the operations of traces; progress is made up, because traces have only durations.",
            (arguments, progress, cancellationToken) => MeasureAsync(arguments.GetRequiredValue(files), progress, cancellationToken), files);
    }

    /// <summary>Replays the operations of each trace.</summary>
    internal static async Task<IReadOnlyList<MeasuredRow>> MeasureAsync(IEnumerable<string> files, TextWriter progress, CancellationToken cancellationToken)
    {
        var rows = new List<MeasuredRow>();
        foreach (string file in files)
        {
            var operations = await TraceOperations.ReadAsync([file], cancellationToken);
            foreach (bool withProgress in new[] { false, true })
            {
                var replay = new EtaReplay(withProgress);
                replay.Run(operations);
                foreach (var name in replay.Outcomes.GroupBy(outcome => outcome.Name).Where(name => name.Count() >= 100))
                {
                    rows.AddRange(RowsOf(name.Key, withProgress, [.. name]));
                }
            }

            await progress.WriteLineAsync($"{Path.GetFileName(file)}: {operations.Count} operations".AsMemory(), cancellationToken);
        }

        return rows;
    }

    private static IEnumerable<MeasuredRow> RowsOf(string name, bool withProgress, List<EtaOutcome> outcomes)
    {
        string what = $"{name}, {(withProgress ? "made-up progress" : "no progress")}, {outcomes.Count} operations: ";
        double held = 100.0 * outcomes.Count(outcome => outcome.IsHeld) / outcomes.Count;
        yield return new(what + "P90 held", held, "%", Goal: Goal.AtLeast(LowestCoverage));
        yield return new(what + "P90 held, not too often", held, "%", Goal: Goal.AtMost(HighestCoverage));
        double error = MedianOf(outcomes.Select(outcome => Math.Abs(outcome.Estimated - outcome.Actual)));
        if (!withProgress)
        {
            yield return new(what + "median error", error, "s");
            yield break;
        }

        yield return new(
            what + "median error", error, "s", "elapsed ÷ progress", MedianOf(outcomes.Select(outcome => Math.Abs(outcome.Plain - outcome.Actual))), Goal.AtMost(1));
        var whole = outcomes.Where(outcome => !outcome.IsResumed).ToList();
        yield return new(
            what + "median error, not resumed", MedianOf(whole.Select(outcome => Math.Abs(outcome.Estimated - outcome.Actual))), "s", "elapsed ÷ progress",
            MedianOf(whole.Select(outcome => Math.Abs(outcome.Plain - outcome.Actual))), Goal.AtMost(1));
    }

    private static double MedianOf(IEnumerable<double> values)
    {
        double[] sorted = [.. values.Order()];
        return sorted.Length == 0 ? double.NaN : sorted[sorted.Length / 2];
    }
}
