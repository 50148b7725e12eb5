using System.Text.Json;
using PerfPortal.Benchmarks.Measuring;

namespace PerfPortal.Benchmarks.Insight;

/// <summary>The goals of change points (TCPD) and regressions (known steps in real benchmark noise).</summary>
internal static class ChangePointGoals
{
    /// <summary>The maximum distance of a change point from an injected step that it finds, in values.</summary>
    private const int Margin = 5;

    /// <summary>Measures them.</summary>
    public static async Task<IReadOnlyList<MeasuredRow>> MeasureAsync(ScoredRun run, CancellationToken cancellationToken) =>
    [
        .. await PublishedAsync(run, cancellationToken),
        .. await RegressionsAsync(run, cancellationToken),
    ];

    private static async Task<IReadOnlyList<MeasuredRow>> PublishedAsync(ScoredRun run, CancellationToken cancellationToken)
    {
        string series = run.Data.Find("cpd/dev/data");
        string annotations = run.Data.Find("cpd/dev/annotations.json");
        string predictions = await PredictAsync(run, "tcpd", series, cancellationToken);
        string written = await run.Scorers.RunAsync("cpd/cpd_score.py", ["--annotations", annotations, "--data", series, "--pred", predictions], cancellationToken);
        return
        [
            new("TCPD, F1", ScoringScripts.Figure(written, "F1"), "", Goal: Goal.AtLeast(0.78)),
            new("TCPD, covering", ScoringScripts.Figure(written, "cover"), "", Goal: Goal.AtLeast(0.7)),
        ];
    }

    private static async Task<IReadOnlyList<MeasuredRow>> RegressionsAsync(ScoredRun run, CancellationToken cancellationToken)
    {
        string noise = run.Data.Find("regress/dev/noise");
        string series = run.ResultsOf("regress-series");
        await run.Scorers.RunAsync("cpd/make_injected.py", ["--noise", noise, "--out", series], cancellationToken);
        var found = await ReadAsync<int[]>(await PredictAsync(run, "regress", series, cancellationToken), cancellationToken);
        var steps = (await ReadAsync<Dictionary<string, int[]>>(Path.Combine(series, "annotations.json"), cancellationToken))
            .Select(pair => (pair.Key, Step: pair.Value["1"])).ToList();
        double Share(string tag, Func<int[], int[], bool> counts)
        {
            var tagged = steps.Where(pair => pair.Key.EndsWith("-" + tag, StringComparison.Ordinal)).ToList();
            return 100.0 * tagged.Count(pair => counts(found[pair.Key], pair.Step)) / tagged.Count;
        }

        static bool IsFound(int[] changes, int[] step) => changes.Any(change => Math.Abs(change - step[0]) <= Margin);
        return
        [
            new("regress, false alarms", Share("none", (changes, _) => changes.Length > 0), "%", Goal: Goal.AtMost(1)),
            new("regress, +3 % found", Share("p03", IsFound), "%", Goal: Goal.AtLeast(85)),
            new("regress, +5 % found", Share("p05", IsFound), "%", Goal: Goal.AtLeast(90)),
            new("regress, +10 % found", Share("p10", IsFound), "%"),
            new("regress, +20 % found", Share("p20", IsFound), "%"),
        ];
    }

    private static async Task<string> PredictAsync(ScoredRun run, string benchmark, string series, CancellationToken cancellationToken)
    {
        await run.WriteResultsAsync(benchmark, (results, said) => ChangePointsVerb.RunAsync(series, results, said, said, cancellationToken));
        return Path.Combine(run.ResultsOf(benchmark), "predictions.json");
    }

    private static async Task<Dictionary<string, TValue>> ReadAsync<TValue>(string file, CancellationToken cancellationToken) =>
        JsonSerializer.Deserialize<Dictionary<string, TValue>>(await File.ReadAllBytesAsync(file, cancellationToken))!;
}
