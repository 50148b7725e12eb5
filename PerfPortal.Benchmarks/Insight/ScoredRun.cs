using PerfPortal.Benchmarks.Measuring;

namespace PerfPortal.Benchmarks.Insight;

/// <summary>What one run of the verb <c>insight</c> works with.</summary>
/// <param name="Data">The labelled series.</param>
/// <param name="Scorers">The scoring scripts.</param>
/// <param name="Results">An empty folder for results.</param>
/// <param name="Progress">Where progress is told.</param>
internal sealed record ScoredRun(LabelledSeries Data, ScoringScripts Scorers, string Results, TextWriter Progress)
{
    /// <summary>A folder for the results of one benchmark.</summary>
    public string ResultsOf(string benchmark) => Path.Combine(Results, benchmark);

    /// <summary>Runs one of the verbs that write results.</summary>
    /// <exception cref="MeasuringException">It found nothing to do.</exception>
    public async Task WriteResultsAsync(string benchmark, Func<string, TextWriter, Task<int>> verb)
    {
        var said = new StringWriter();
        int code = await verb(ResultsOf(benchmark), said);
        await Progress.WriteLineAsync($"{benchmark}: {said.ToString().Trim()}");
        if (code != 0)
        {
            throw new MeasuringException($"{benchmark}: there are no series for it below {Data.Folder}.");
        }
    }
}

/// <summary>A folder of labelled series.</summary>
/// <param name="Folder">The folder.</param>
internal sealed record LabelledSeries(string Folder)
{
    /// <summary>A folder or a file below it.</summary>
    /// <exception cref="MeasuringException">It does not exist.</exception>
    public string Find(string path)
    {
        string found = Path.Combine(Folder, path);
        return Path.Exists(found) ? found : throw new MeasuringException($"{found} is missing below --data.");
    }
}
