using System.CommandLine;
using PerfPortal.Benchmarks.Measuring;

namespace PerfPortal.Benchmarks.Tracker;

/// <summary>What following an operation costs its host, beside two clock reads and a span of OpenTelemetry's SDK.</summary>
internal static class TrackerCommand
{
    /// <summary>The verb <c>tracker</c>.</summary>
    public static Command Create()
    {
        var rounds = new Option<int>("--rounds") { Description = "Rounds, of which the median counts (for two threads: the best).", DefaultValueFactory = _ => 9 };
        return MeasurementVerb.Create(
            "tracker", "Measures start and completion of an operation with three metadata values in this process.",
            (arguments, progress, cancellationToken) => Task.Run(() => Measure(arguments.GetValue(rounds), progress, cancellationToken), cancellationToken), rounds);
    }

    /// <summary>Measures, one figure after the other, all of a round close together.</summary>
    public static IReadOnlyList<MeasuredRow> Measure(int rounds, TextWriter progress, CancellationToken cancellationToken)
    {
        using var spans = new SpanYardstick();
        var clock = new ClockYardstick();
        var results = new List<Round>();
        for (int round = 0; round <= rounds; round++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var result = Round.Measure(clock, spans);
            progress.WriteLine(FormattableString.Invariant($"round {round}: {result}"));

            // The first one warms up.
            if (round > 0)
            {
                results.Add(result);
            }
        }

        double tracked = Median(results, round => round.Tracked);
        double clocks = Median(results, round => round.Clocks);
        double span = Median(results, round => round.Span);
        double alone = results.Min(round => round.Alone);
        double together = results.Select(round => round.Together).Where(double.IsFinite).DefaultIfEmpty(double.NaN).Min();
        return
        [
            new("start, 3 metadata values, complete", tracked, "ns", "two clock reads", clocks, Goal.AtMost(2)),
            new("start, 3 metadata values, complete", tracked, "ns", "OpenTelemetry SDK span, 3 tags", span, Goal.AtMost(0.35)),
            new("allocated by it", results.Max(round => round.Allocated), "bytes", Goal: Goal.AtMost(0)),
            new("on each of two threads", together, "ns", "on one", alone, Goal.AtMost(1.15)),
            new("the same, the values given at completion", Median(results, round => round.AtCompletion), "ns", "two clock reads", clocks),
            new("the same, collected on another core before", Median(results, round => round.CollectedElsewhere), "ns", "two clock reads", clocks),
            new("collecting one and handing it to the journal, off the host's thread", Median(results, round => round.Drain), "ns"),
            new("allocated by that", Median(results, round => round.DrainAllocated), "bytes"),
            new("allocated by an OpenTelemetry SDK span", Median(results, round => round.SpanAllocated), "bytes"),
        ];
    }

    private static double Median(List<Round> rounds, Func<Round, double> of) => Bursts.Median([.. rounds.Select(of)]);
}
