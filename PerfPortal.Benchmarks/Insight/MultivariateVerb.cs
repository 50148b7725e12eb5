using System.CommandLine;
using System.Globalization;
using PerfPortal.Domain.Statistics.Anomalies;

namespace PerfPortal.Benchmarks.Insight;

/// <summary>
/// The verb <c>multivariate</c>: learns from every <c>NAME.train.csv</c> of a folder, scores <c>NAME.test.csv</c> and writes <c>value,label,score</c>. Where a file <c>NAME.causes.txt</c>
/// says which metrics each labelled stretch shows in (<c>first-last:metric,…</c>, from 1), it counts how often the metric named first is one of them.
/// </summary>
internal static class MultivariateVerb
{
    // The metrics of these sets lie between 0 and 1.
    private const double Floor = 0.05;

    /// <summary>The verb.</summary>
    public static Command Create()
    {
        var input = new Option<string>("--in") { Description = "The folder with the pairs of CSV files, plain or .gz.", HelpName = "DIR", Required = true };
        var output = new Option<string>("--out") { Description = "The folder for the results.", HelpName = "DIR", Required = true };
        var command = new Command("multivariate", "Scores a folder of several metrics of a host together.") { input, output };
        command.SetAction((arguments, cancellationToken) => RunAsync(
            arguments.GetValue(input)!, arguments.GetValue(output)!, arguments.InvocationConfiguration.Output, cancellationToken));
        return command;
    }

    /// <summary>Scores every host of a folder.</summary>
    /// <returns>The process's exit code.</returns>
    internal static async Task<int> RunAsync(string input, string output, TextWriter progress, CancellationToken cancellationToken)
    {
        Directory.CreateDirectory(output);
        var files = CsvTable.FilesOf(input).ToDictionary(pair => pair.Name, pair => pair.File);
        int hosts = 0;
        int named = 0;
        int stretches = 0;
        foreach (var (name, file) in files.Where(pair => pair.Key.EndsWith(".train.csv", StringComparison.Ordinal)))
        {
            string host = name[..^".train.csv".Length];
            var train = await CsvTable.ReadAsync(file, cancellationToken);
            var test = await CsvTable.ReadAsync(files[host + ".test.csv"], cancellationToken);
            int metrics = train.Header.Count;
            var detector = new JointDetector([.. train.Rows.Select(Numbers)], [.. Enumerable.Repeat(Floor, metrics)]);
            var scores = test.Rows.Select(row => detector.Add(Numbers(row).AsSpan(0, metrics))).ToArray();
            await File.WriteAllLinesAsync(
                Path.Combine(output, host + ".csv"),
                test.Rows.Zip(scores, (row, score) => string.Create(CultureInfo.InvariantCulture, $"{row[0]},{row[metrics]},{score.Score:R}")).Prepend("value,label,score"),
                cancellationToken);
            string causes = Path.Combine(input, host + ".causes.txt");
            foreach (var (first, last, metricsOfCause) in File.Exists(causes) ? (await File.ReadAllLinesAsync(causes, cancellationToken)).Select(Cause) : [])
            {
                stretches++;
                named += metricsOfCause.Contains(Largest(scores[first..Math.Min(last + 1, scores.Length)])) ? 1 : 0;
            }

            hosts++;
        }

        await progress.WriteLineAsync(string.Create(
            CultureInfo.InvariantCulture, $"{hosts} hosts; the metric named first is a cause in {named} of {stretches} labelled stretches").AsMemory(), cancellationToken);
        return hosts == 0 ? 1 : 0;
    }

    private static double[] Numbers(string[] row) => [.. row.Select(CsvTable.Number)];

    private static (int First, int Last, int[] Metrics) Cause(string line)
    {
        string[] parts = line.Split(':', '-');
        int Whole(string text) => int.Parse(text, CultureInfo.InvariantCulture);
        return (Whole(parts[0]), Whole(parts[1]), [.. parts[2].Split(',').Select(metric => Whole(metric) - 1)]);
    }

    private static int Largest(JointScore[] scores)
    {
        double[] sums = new double[scores[0].Shares.Count];
        foreach (var score in scores)
        {
            for (int i = 0; i < sums.Length; i++)
            {
                sums[i] += score.Score * score.Shares[i];
            }
        }

        return Array.IndexOf(sums, sums.Max());
    }
}
