using PerfPortal.Benchmarks.Measuring;

namespace PerfPortal.Benchmarks.Insight;

/// <summary>The goals of anomalies: NAB, cloudmon, SMD and ASD.</summary>
internal static class AnomalyGoals
{
    private const string Score = "score";

    /// <summary>Measures them.</summary>
    public static async Task<IReadOnlyList<MeasuredRow>> MeasureAsync(ScoredRun run, CancellationToken cancellationToken) =>
    [
        .. await NabAsync(run, cancellationToken),
        .. await CloudmonAsync(run, cancellationToken),
        .. await HostsAsync(run, cancellationToken),
    ];

    private static async Task<IReadOnlyList<MeasuredRow>> NabAsync(ScoredRun run, CancellationToken cancellationToken)
    {
        string series = run.Data.Find("nab/dev/data");
        string windows = run.Data.Find("nab/dev/windows.json");
        await run.WriteResultsAsync("nab", (results, said) => DetectVerb.RunAsync(series, results, windows, said, cancellationToken));
        string written = await run.Scorers.RunAsync("nab/nab_score.py", ["--results", run.ResultsOf("nab"), "--windows", windows], cancellationToken);
        double standard = ScoringScripts.Figure(written, "standard");
        string points = await PointsAsync(run, "nab", cancellationToken);
        return
        [
            new("NAB, standard", standard, Score, Goal: Goal.AtLeast(65)),
            new("NAB, standard, second goal", standard, Score, Goal: Goal.AtLeast(70)),
            new("NAB, low false positives", ScoringScripts.Figure(written, "reward_low_FP_rate"), Score, Goal: Goal.AtLeast(58)),
            new("NAB, low false negatives", ScoringScripts.Figure(written, "reward_low_FN_rate"), Score),
            new("NAB, files with labels, VUS-PR", ScoringScripts.Figure(points, "VUS-PR"), "", Goal: Goal.AtLeast(0.33)),
        ];
    }

    private static async Task<IReadOnlyList<MeasuredRow>> CloudmonAsync(ScoredRun run, CancellationToken cancellationToken)
    {
        string series = run.Data.Find("cloudmon/dev");
        await run.WriteResultsAsync("cloudmon", (results, said) => DetectVerb.RunAsync(series, results, null, said, cancellationToken));
        string points = await PointsAsync(run, "cloudmon", cancellationToken);
        return
        [
            new("cloudmon, VUS-PR", ScoringScripts.Figure(points, "VUS-PR"), "", Goal: Goal.AtLeast(0.68)),
            new("cloudmon, F1", ScoringScripts.Figure(points, "F1"), "", Goal: Goal.AtLeast(0.65)),
        ];
    }

    private static async Task<IReadOnlyList<MeasuredRow>> HostsAsync(ScoredRun run, CancellationToken cancellationToken)
    {
        var points = new Dictionary<string, string>();
        foreach (string set in new[] { "smd", "asd" })
        {
            string series = run.Data.Find(set + "/dev");
            await run.WriteResultsAsync(set, (results, said) => MultivariateVerb.RunAsync(series, results, said, cancellationToken));
            points[set] = await PointsAsync(run, set, cancellationToken);
        }

        return
        [
            new("SMD, VUS-PR", ScoringScripts.Figure(points["smd"], "VUS-PR"), "", Goal: Goal.AtLeast(0.6)),
            new("SMD, PA%K-AUC", ScoringScripts.Figure(points["smd"], "PAK-AUC"), "", Goal: Goal.AtLeast(0.75)),
            new("ASD, VUS-PR", ScoringScripts.Figure(points["asd"], "VUS-PR"), "", Goal: Goal.AtLeast(0.25)),
        ];
    }

    private static Task<string> PointsAsync(ScoredRun run, string benchmark, CancellationToken cancellationToken) =>
        run.Scorers.RunAsync("tsad/tsad_score.py", CsvTable.FilesOf(run.ResultsOf(benchmark)).Select(pair => pair.File), cancellationToken);
}
