using System.CommandLine;
using PerfPortal.Benchmarks.Replay.Traces;

namespace PerfPortal.Benchmarks.Replay;

/// <summary>The verb <c>stats</c>: a trace's exact figures, to be compared with the portal's.</summary>
internal static class StatsCommand
{
    /// <summary>The verb with its arguments.</summary>
    public static Command Create()
    {
        var file = new Argument<string>("FILE") { Description = "A trace file (CSV, plain or .gz)." };
        var command = new Command("stats", "Prints the exact figures of a trace as JSON, computed by sorting.") { file };
        command.SetAction((arguments, cancellationToken) =>
            RunAsync(arguments.GetRequiredValue(file), Console.Out, Console.Error, cancellationToken));
        return command;
    }

    /// <summary>Prints the figures of one file.</summary>
    /// <returns>The process's exit code.</returns>
    internal static async Task<int> RunAsync(string path, TextWriter output, TextWriter errors, CancellationToken cancellationToken)
    {
        try
        {
            var file = await TraceFile.OpenAsync(path, cancellationToken);
            if (file.Shape.Kind != TraceKind.Operations)
            {
                throw new TraceFormatException($"{path}: no operations ({(file.Shape.Reason is { Length: > 0 } reason ? reason : "it holds resource samples")}).");
            }

            var statistics = await TraceStatistics.OfAsync(file, cancellationToken);
            await output.WriteLineAsync(statistics.ToJson());
            return ReplayCommand.Done;
        }
        catch (TraceFormatException e)
        {
            await errors.WriteLineAsync(e.Message);
            return ReplayCommand.Failed;
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            return ReplayCommand.Cancelled;
        }
    }
}
