using System.CommandLine;
using System.Globalization;
using System.Reflection;
using PerfPortal.Benchmarks.Measuring;

namespace PerfPortal.Benchmarks.Components;

/// <summary>The downloader in a process of its own, so that its processor time is counted like that of other programs: this program, started with a hidden verb.</summary>
internal static class DownloadProcess
{
    private const string Verb = "load-file";

    /// <summary>The hidden verb: loads a file and writes the seconds that it took, without the start of the process.</summary>
    public static Command CreateVerb()
    {
        var url = new Argument<string>("URL");
        var directory = new Argument<string>("DIRECTORY");
        var connections = new Argument<int>("CONNECTIONS");
        var command = new Command(Verb, "Downloads a file.") { url, directory, connections };
        command.Hidden = true;
        command.SetAction(async (arguments, cancellationToken) =>
        {
            var result = await BenchDownloads.LoadAsync(arguments.GetValue(directory)!, new(arguments.GetValue(url)!), arguments.GetValue(connections), cancellationToken);
            await Console.Out.WriteLineAsync(result.Duration.TotalSeconds.ToString(CultureInfo.InvariantCulture));
        });
        return command;
    }

    /// <summary>Loads a file.</summary>
    /// <returns>The seconds of the download itself, and the cost of the whole process.</returns>
    /// <exception cref="MeasuringException">It failed.</exception>
    public static async Task<(double Seconds, ToolRun Process)> RunAsync(Uri url, string directory, int connections, CancellationToken cancellationToken)
    {
        string[] arguments = [Assembly.GetExecutingAssembly().Location, Verb, url.AbsoluteUri, directory, connections.ToString(CultureInfo.InvariantCulture)];
        var run = await Tool.RunAsync(ServerProcess.DotNet, arguments, cancellationToken);
        return (double.Parse(run.Output, CultureInfo.InvariantCulture), run);
    }
}
