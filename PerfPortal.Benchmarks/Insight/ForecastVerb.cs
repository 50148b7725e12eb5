using System.CommandLine;
using System.Globalization;
using System.IO.Compression;
using PerfPortal.Domain.Statistics.Forecasting;

namespace PerfPortal.Benchmarks.Insight;

/// <summary>
/// The verb <c>forecast</c>: forecasts every series of the files <c>NAME-train.csv</c> (plain or .gz; one series a row: id, values) and writes <c>NAME-point.csv</c> (id, forecasts) and
/// <c>NAME-passage.csv</c> (id, q, step: when the level of the recent maximum plus q times the recent range is reached, empty for "not within the horizon").
/// </summary>
internal static class ForecastVerb
{
    /// <summary>A level is said to be reached when at least so many of the paths reach it.</summary>
    private const double ReachedShare = 1 / 3.0;

    private static readonly double[] Levels = [0.02, 0.1, 0.3];

    // What a file name says about its steps: the horizon, the rows that count as recent, and the seasons of such steps by the calendar.
    private static readonly Dictionary<string, (int Horizon, int Recent, int[] Seasons)> Steps = new(StringComparer.Ordinal)
    {
        ["Hourly"] = (48, 96, [24, 168]),
        ["Weekly"] = (13, 26, [52]),
    };

    /// <summary>The verb.</summary>
    public static Command Create()
    {
        var input = new Option<string>("--in") { Description = "The folder with NAME-train.csv or .csv.gz; NAME is Hourly or Weekly.", HelpName = "DIR", Required = true };
        var output = new Option<string>("--out") { Description = "The folder for NAME-point.csv and NAME-passage.csv.", HelpName = "DIR", Required = true };
        var command = new Command("forecast", "Forecasts a folder of series with the code of the portal.") { input, output };
        command.SetAction((arguments, cancellationToken) =>
            RunAsync(arguments.GetRequiredValue(input), arguments.GetRequiredValue(output), Console.Out, cancellationToken));
        return command;
    }

    /// <summary>Forecasts the files of a folder.</summary>
    /// <returns>The process's exit code.</returns>
    internal static async Task<int> RunAsync(string input, string output, TextWriter progress, CancellationToken cancellationToken)
    {
        Directory.CreateDirectory(output);
        int files = 0;
        foreach (var (name, step) in Steps)
        {
            string? file = new[] { $"{name}-train.csv.gz", $"{name}-train.csv" }.Select(one => Path.Combine(input, one)).FirstOrDefault(File.Exists);
            if (file is null)
            {
                continue;
            }

            files++;
            var points = new List<string> { "id," + string.Join(',', Enumerable.Range(1, step.Horizon).Select(i => "f" + i)) };
            var passages = new List<string> { "id,q,step" };
            await foreach (var (id, values) in ReadAsync(file, cancellationToken))
            {
                if (Forecaster.Forecast(values, step.Horizon, step.Seasons) is not { } forecast)
                {
                    continue;
                }

                points.Add(id + "," + string.Join(',', forecast.Values.Select(value => value.ToString("R", CultureInfo.InvariantCulture))));
                passages.AddRange(Levels.Select(q => $"{id},{q.ToString(CultureInfo.InvariantCulture)},{StepOf(forecast, values, step.Recent, q)}"));
            }

            await File.WriteAllLinesAsync(Path.Combine(output, name + "-point.csv"), points, cancellationToken);
            await File.WriteAllLinesAsync(Path.Combine(output, name + "-passage.csv"), passages, cancellationToken);
            await progress.WriteLineAsync($"{name}: {points.Count - 1} series".AsMemory(), cancellationToken);
        }

        return files > 0 ? 0 : 1;
    }

    private static string StepOf(SeriesForecast forecast, double[] values, int recent, double q)
    {
        double[] last = values[Math.Max(0, values.Length - recent)..];
        double level = last.Max() + (q * (last.Max() - last.Min()));
        return forecast.FirstPassage(level, isRising: true) is { Probability: >= ReachedShare } passage ? passage.Median.ToString(CultureInfo.InvariantCulture) : "";
    }

    private static async IAsyncEnumerable<(string Id, double[] Values)> ReadAsync(
        string file, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await using var stream = File.OpenRead(file);
        await using Stream plain = file.EndsWith(".gz", StringComparison.Ordinal) ? new GZipStream(stream, CompressionMode.Decompress) : stream;
        using var reader = new StreamReader(plain);
        await reader.ReadLineAsync(cancellationToken);
        while (await reader.ReadLineAsync(cancellationToken) is { } line)
        {
            string[] fields = [.. line.Split(',').Select(field => field.Trim('"'))];
            yield return (fields[0], [.. fields.Skip(1).Where(field => field is not ("" or "NA")).Select(field => double.Parse(field, CultureInfo.InvariantCulture))]);
        }
    }
}
