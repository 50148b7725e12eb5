using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using PerfPortal.Domain.Statistics.ChangePoints;

namespace PerfPortal.Benchmarks.Insight;

/// <summary>The verb <c>changepoints</c>: runs the portal's search for change points over series in the format of the Turing Change Point Dataset.</summary>
internal static class ChangePointsVerb
{
    private const int Done = 0;
    private const int Failed = 1;

    /// <summary>The verb with its options.</summary>
    public static Command Create()
    {
        var input = new Option<string>("--in") { Description = "A folder of series: JSON files with n_obs and series[0].raw.", Required = true };
        var output = new Option<string>("--out") { Description = "The folder for predictions.json, which maps each series to its change points.", Required = true };
        var command = new Command("changepoints", "Finds the change points of series.") { input, output };
        command.SetAction((arguments, cancellationToken) =>
            RunAsync(arguments.GetRequiredValue(input), arguments.GetRequiredValue(output), Console.Out, Console.Error, cancellationToken));
        return command;
    }

    /// <summary>Writes the change points of every series of a folder.</summary>
    /// <returns>The process's exit code.</returns>
    internal static async Task<int> RunAsync(string input, string output, TextWriter console, TextWriter errors, CancellationToken cancellationToken)
    {
        if (!Directory.Exists(input))
        {
            await errors.WriteLineAsync($"{input}: there is no such folder.");
            return Failed;
        }

        var predictions = new SortedDictionary<string, int[]>(StringComparer.Ordinal);
        var series = new List<double[]>();
        foreach (string file in Directory.GetFiles(input, "*.json").Order(StringComparer.Ordinal))
        {
            if (Values(await File.ReadAllBytesAsync(file, cancellationToken)) is { } values)
            {
                series.Add(values);
                predictions[Path.GetFileNameWithoutExtension(file)] = [.. ChangePointFinder.Find(values).Select(change => change.Index)];
            }
        }

        if (series.Count == 0)
        {
            await errors.WriteLineAsync($"{input}: there are no series; a series is a JSON file with n_obs and series[0].raw.");
            return Failed;
        }

        Directory.CreateDirectory(output);
        await File.WriteAllTextAsync(Path.Combine(output, "predictions.json"), JsonSerializer.Serialize(predictions), cancellationToken);
        await console.WriteLineAsync(string.Create(
            CultureInfo.InvariantCulture,
            $"{series.Count} series, {series.Sum(values => values.Length):N0} values, {predictions.Values.Sum(found => found.Length):N0} change points, {CostPerValue(series):0.0} µs a value"));
        return Done;
    }

    /// <summary>The values of the first dimension; <see langword="null"/> when the file is no series of one dimension.</summary>
    private static double[]? Values(byte[] json)
    {
        using var document = JsonDocument.Parse(json);
        return document.RootElement is { ValueKind: JsonValueKind.Object } root && root.TryGetProperty("series", out var all) && all.GetArrayLength() == 1
            ? [.. all[0].GetProperty("raw").EnumerateArray().Select(value => value.ValueKind == JsonValueKind.Null ? double.NaN : value.GetDouble())]
            : null;
    }

    /// <summary>The processor time of a second pass, when the code is compiled.</summary>
    private static double CostPerValue(List<double[]> series)
    {
        using var process = Process.GetCurrentProcess();
        var before = process.TotalProcessorTime;
        foreach (double[] values in series)
        {
            _ = ChangePointFinder.Find(values);
        }

        process.Refresh();
        return (process.TotalProcessorTime - before).TotalMicroseconds / series.Sum(values => values.Length);
    }
}
