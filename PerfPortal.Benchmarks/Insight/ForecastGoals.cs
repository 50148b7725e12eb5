using PerfPortal.Benchmarks.Measuring;

namespace PerfPortal.Benchmarks.Insight;

/// <summary>The goals of forecasts: hourly and weekly series of M4.</summary>
internal static class ForecastGoals
{
    private static readonly M4Set[] Sets = [new("Hourly", 24, "18.383,2.395", 0.6, 0.55), new("Weekly", 1, "9.161,2.777", 0.65, 0.92)];

    /// <summary>Measures them.</summary>
    public static async Task<IReadOnlyList<MeasuredRow>> MeasureAsync(ScoredRun run, CancellationToken cancellationToken)
    {
        string series = run.Data.Find("forecast");
        await run.WriteResultsAsync("forecast", (results, said) => ForecastVerb.RunAsync(series, results, said, cancellationToken));
        var rows = new List<MeasuredRow>();
        foreach (var set in Sets)
        {
            string[] files = ["--train", run.Data.Find($"forecast/{set.Name}-train.csv.gz"), "--test", run.Data.Find($"forecast/{set.Name}-test.csv.gz"), "--season", set.Season.ToString(System.Globalization.CultureInfo.InvariantCulture)];
            string ResultOf(string kind) => Path.Combine(run.ResultsOf("forecast"), $"{set.Name}-{kind}.csv");
            string point = await run.Scorers.RunAsync("forecast/m4_score.py", ["point", .. files, "--pred", ResultOf("point"), "--naive2", set.Naive2], cancellationToken);
            string passage = await run.Scorers.RunAsync("forecast/m4_score.py", ["passage", .. files, "--pred", ResultOf("passage")], cancellationToken);
            string name = set.Name.ToLowerInvariant();
            rows.Add(new($"First passage, {name}, F1", ScoringScripts.Figure(passage, "f1"), "", Goal: Goal.AtLeast(set.PassageGoal)));
            rows.Add(new($"First passage, {name}, median error, share of the horizon", ScoringScripts.Figure(passage, "median_error"), ""));
            rows.Add(new($"M4 {name}, OWA", ScoringScripts.Figure(point, "OWA"), "", Goal: Goal.AtMost(set.OwaGoal)));
        }

        return rows;
    }

    /// <summary>A set of series of M4.</summary>
    /// <param name="Name">The beginning of its file names.</param>
    /// <param name="Season">The steps of a season in its MASE.</param>
    /// <param name="Naive2">The published sMAPE and MASE of Naive2, which make OWA 1.</param>
    /// <param name="PassageGoal">The least F1 of the first passage.</param>
    /// <param name="OwaGoal">The largest OWA.</param>
    private sealed record M4Set(string Name, int Season, string Naive2, double PassageGoal, double OwaGoal);
}
