using System.CommandLine;
using PerfPortal.Benchmarks.Measuring;
using PerfPortal.Benchmarks.Replay.Traces;

namespace PerfPortal.Benchmarks.Insight;

/// <summary>
/// The verb <c>insight</c>: runs <c>detect</c>, <c>multivariate</c>, <c>changepoints</c> and <c>forecast</c> over a folder of labelled public series, has the results scored by
/// independent scripts, and holds them against their goals; with traces also <c>eta</c>.
/// </summary>
internal static class InsightVerb
{
    /// <summary>The verb.</summary>
    public static Command Create()
    {
        var data = new Option<string>("--data")
        {
            Description = "The folder of labelled series: nab/dev, cloudmon/dev, smd/dev, asd/dev, cpd/dev, regress/dev and forecast below it.",
            HelpName = "DIR",
            Required = true,
        };
        var scorers = new Option<string>("--scorers") { Description = "The folder of scoring scripts, which are run with python3: nab, tsad, cpd and forecast below it.", HelpName = "DIR", Required = true };
        var replay = new Option<string?>("--replay") { Description = "A folder of traces, to measure estimates of the remaining time as well.", HelpName = "DIR" };
        return MeasurementVerb.Create(
            "insight", "Anomalies, change points, regressions, forecasts and, with --replay, the remaining time, by labelled series and independent scorers.",
            (arguments, progress, cancellationToken) => MeasureAsync(
                arguments.GetRequiredValue(data), arguments.GetRequiredValue(scorers), arguments.GetValue(replay), progress, cancellationToken),
            data, scorers, replay);
    }

    /// <summary>Measures all; nothing is left on the disk.</summary>
    /// <exception cref="MeasuringException">A folder, a file or python3 is missing, or a script failed.</exception>
    internal static async Task<IReadOnlyList<MeasuredRow>> MeasureAsync(
        string data, string scorers, string? replay, TextWriter progress, CancellationToken cancellationToken)
    {
        foreach (var (option, folder) in new[] { ("--data", data), ("--scorers", scorers), ("--replay", replay) })
        {
            if (folder is not null && !Directory.Exists(folder))
            {
                throw new MeasuringException($"{option} {folder}: there is no such folder.");
            }
        }

        var scripts = new ScoringScripts(scorers);
        await progress.WriteLineAsync((await ScoringScripts.VersionAsync(cancellationToken)).AsMemory(), cancellationToken);
        string results = Directory.CreateTempSubdirectory("perfportal-insight-").FullName;
        try
        {
            var run = new ScoredRun(new(data), scripts, results, progress);
            return
            [
                .. await AnomalyGoals.MeasureAsync(run, cancellationToken),
                .. await ChangePointGoals.MeasureAsync(run, cancellationToken),
                .. await ForecastGoals.MeasureAsync(run, cancellationToken),
                .. replay is null ? [] : await EtaVerb.MeasureAsync(await TracesAsync(replay, progress, cancellationToken), progress, cancellationToken),
            ];
        }
        finally
        {
            Directory.Delete(results, recursive: true);
        }
    }

    /// <summary>The files of a folder that hold operations.</summary>
    private static async Task<IReadOnlyList<string>> TracesAsync(string folder, TextWriter progress, CancellationToken cancellationToken)
    {
        var traces = new List<string>();
        foreach (var (file, name) in CsvTable.FilesOf(folder))
        {
            try
            {
                if ((await TraceFile.OpenAsync(file, cancellationToken)).Shape.Kind == TraceKind.Operations)
                {
                    traces.Add(file);
                }
            }
            catch (TraceFormatException unknown)
            {
                await progress.WriteLineAsync($"{name}: {unknown.Message}".AsMemory(), cancellationToken);
            }
        }

        return traces.Count > 0 ? traces : throw new MeasuringException($"--replay {folder}: there are no traces of operations.");
    }
}
