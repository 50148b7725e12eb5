using System.CommandLine;
using System.Globalization;
using System.Reflection;
using PerfPortal.Benchmarks.Measuring;
using PerfPortal.Domain.Models.Downloads;

namespace PerfPortal.Benchmarks.Components;

/// <summary>The downloader in a process of its own, so that its processor time is counted like that of other programs: this program, started with a hidden verb.</summary>
internal static class DownloadProcess
{
    private const string Verb = "load-file";

    /// <summary>The hidden verb: loads a file twice, and writes the seconds and the processor time of the process after the first, and the seconds of the second.</summary>
    public static Command CreateVerb()
    {
        var url = new Argument<string>("URL");
        var directory = new Argument<string>("DIRECTORY");
        var connections = new Argument<int>("CONNECTIONS");
        var command = new Command(Verb, "Downloads a file.") { url, directory, connections };
        command.Hidden = true;
        command.SetAction(async (arguments, cancellationToken) =>
        {
            Task<DownloadResult> LoadAsync(string name) => BenchDownloads.LoadAsync(
                Path.Join(arguments.GetValue(directory), name), new(arguments.GetValue(url)!), arguments.GetValue(connections), cancellationToken);
            var first = await LoadAsync("first");
            double processor = Environment.CpuUsage.TotalTime.TotalSeconds;
            Directory.Delete(Path.Join(arguments.GetValue(directory), "first"), recursive: true);
            var second = await LoadAsync("second");
            await Console.Out.WriteLineAsync(string.Create(CultureInfo.InvariantCulture, $"{first.Duration.TotalSeconds} {processor} {second.Duration.TotalSeconds}"));
        });
        return command;
    }

    /// <summary>Loads a file twice in a new process.</summary>
    /// <exception cref="MeasuringException">It failed.</exception>
    public static async Task<ProcessDownloads> RunAsync(Uri url, string directory, int connections, CancellationToken cancellationToken)
    {
        string[] arguments = [Assembly.GetExecutingAssembly().Location, Verb, url.AbsoluteUri, directory, connections.ToString(CultureInfo.InvariantCulture)];
        var run = await Tool.RunAsync(ServerProcess.DotNet, arguments, cancellationToken);
        double[] figures = [.. run.Output.Split(' ').Select(figure => double.Parse(figure, CultureInfo.InvariantCulture))];
        return new(figures[0], figures[1], figures[2]);
    }
}

/// <summary>What two downloads in a new process cost.</summary>
/// <param name="FirstSeconds">The first one, where the runtime still translates the code.</param>
/// <param name="CpuSeconds">The processor time of the process until its end, the start of the process included.</param>
/// <param name="SecondSeconds">The second one.</param>
internal sealed record ProcessDownloads(double FirstSeconds, double CpuSeconds, double SecondSeconds);
