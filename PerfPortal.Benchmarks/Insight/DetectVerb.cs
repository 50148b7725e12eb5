using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using PerfPortal.Domain.Statistics.Anomalies;

namespace PerfPortal.Benchmarks.Insight;

/// <summary>
/// The verb <c>detect</c>: runs the portal's detector over a folder of series (a time, a value, perhaps a label) and writes for each
/// <c>timestamp,value,label,score,anomaly_score</c>: the score of every point, and in the last column only the beginning of an episode.
/// </summary>
internal static class DetectVerb
{
    // NAB does not judge the first 15 %, at most 750 rows.
    private const double WarmUpShare = 0.15;
    private const int LongestWarmUp = 750;

    /// <summary>The verb.</summary>
    public static Command Create()
    {
        var input = new Option<string>("--in") { Description = "The folder with the series: CSV files, plain or .gz.", HelpName = "DIR", Required = true };
        var output = new Option<string>("--out") { Description = "The folder for the results.", HelpName = "DIR", Required = true };
        var windows = new Option<string?>("--windows") { Description = "A JSON file with the labelled windows of each series, as NAB has it.", HelpName = "FILE" };
        var command = new Command("detect", "Scores a folder of series for anomalies.") { input, output, windows };
        command.SetAction((arguments, cancellationToken) => RunAsync(
            arguments.GetValue(input)!, arguments.GetValue(output)!, arguments.GetValue(windows), arguments.InvocationConfiguration.Output, cancellationToken));
        return command;
    }

    /// <summary>Scores every series of a folder.</summary>
    /// <returns>The process's exit code.</returns>
    internal static async Task<int> RunAsync(string input, string output, string? windowsFile, TextWriter progress, CancellationToken cancellationToken)
    {
        using var windows = windowsFile is null ? null : JsonDocument.Parse(await File.ReadAllTextAsync(windowsFile, cancellationToken));
        int series = 0;
        long points = 0;
        var spent = TimeSpan.Zero;
        foreach (var (file, name) in CsvTable.FilesOf(input))
        {
            var table = await CsvTable.ReadAsync(file, cancellationToken);
            double[] values = [.. table.Rows.Select(row => CsvTable.Number(row[table.IndexOf("value")]))];
            DateTime[] times = [.. table.Rows.Select(row => DateTime.Parse(row[0], CultureInfo.InvariantCulture))];
            var began = Environment.CpuUsage.UserTime;
            var scores = Score(values, StepOf(times));
            spent += Environment.CpuUsage.UserTime - began;
            await WriteAsync(Path.Combine(output, name), table, times, Labels(windows, name), scores, cancellationToken);
            series++;
            points += values.Length;
        }

        await progress.WriteLineAsync(string.Create(
            CultureInfo.InvariantCulture, $"{series} series, {points:N0} points, {spent.TotalMicroseconds / Math.Max(1, points):0.00} µs of processor time a point").AsMemory(), cancellationToken);
        return series == 0 ? 1 : 0;
    }

    private static SeriesScore[] Score(double[] values, TimeSpan step)
    {
        var detector = new SeriesDetector(step, (int)Math.Min(WarmUpShare * values.Length, LongestWarmUp));
        return [.. values.Select(detector.Add)];
    }

    private static TimeSpan StepOf(DateTime[] times)
    {
        var steps = times.Zip(times.Skip(1), (before, after) => after - before).Order().ToArray();
        return steps.Length == 0 ? TimeSpan.Zero : steps[steps.Length / 2];
    }

    private static (DateTime From, DateTime To)[]? Labels(JsonDocument? windows, string name) =>
        windows is null || !windows.RootElement.TryGetProperty(name, out var list) ? null
            : [.. list.EnumerateArray().Select(window => (Time(window[0]), Time(window[1])))];

    private static DateTime Time(JsonElement element) => DateTime.Parse(element.GetString()!, CultureInfo.InvariantCulture);

    private static async Task WriteAsync(
        string path, CsvTable table, DateTime[] times, (DateTime From, DateTime To)[]? windows, SeriesScore[] scores, CancellationToken cancellationToken)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        int value = table.IndexOf("value");
        int label = table.IndexOf("label");
        await using var writer = new StreamWriter(path);
        await writer.WriteLineAsync("timestamp,value,label,score,anomaly_score".AsMemory(), cancellationToken);
        for (int i = 0; i < scores.Length; i++)
        {
            string[] row = table.Rows[i];
            string labelled = windows is not null ? (windows.Any(window => times[i] >= window.From && times[i] <= window.To) ? "1" : "0") : label >= 0 ? row[label] : "0";
            string known = double.IsFinite(CsvTable.Number(row[value])) ? row[value] : "0";
            double alarm = scores[i].IsAlarm ? SeriesScore.Of(scores[i].Evidence) : 0;
            await writer.WriteLineAsync(
                string.Create(CultureInfo.InvariantCulture, $"{row[0]},{known},{labelled},{scores[i].Score:R},{alarm:R}").AsMemory(), cancellationToken);
        }
    }
}
