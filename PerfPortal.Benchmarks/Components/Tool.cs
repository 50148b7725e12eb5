using System.Diagnostics;
using PerfPortal.Benchmarks.Measuring;
using PerfPortal.Benchmarks.Sampler;

namespace PerfPortal.Benchmarks.Components;

/// <summary>What a run of another program cost.</summary>
/// <param name="Seconds">From start to end.</param>
/// <param name="CpuSeconds">Processor time of the process and its children.</param>
/// <param name="Output">What it wrote to standard output.</param>
internal sealed record ToolRun(double Seconds, double CpuSeconds, string Output);

/// <summary>Runs other programs. One at a time: the processor time is that of all children.</summary>
internal static class Tool
{
    private static readonly string[] MorePlaces = ["/usr/sbin", "/usr/local/sbin", "/usr/local/bin", "/opt/homebrew/bin"];

    /// <summary>The path of a program that is installed; <see langword="null"/> otherwise.</summary>
    public static string? Find(string name) =>
        (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries).Concat(MorePlaces)
            .Select(place => Path.Join(place, name)).FirstOrDefault(File.Exists);

    /// <summary>Runs a program to its end.</summary>
    /// <exception cref="MeasuringException">It failed; the message holds what it wrote.</exception>
    public static async Task<ToolRun> RunAsync(string program, IEnumerable<string> arguments, CancellationToken cancellationToken)
    {
        var start = new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true };
        double before = CpuClock.ChildrenMicroseconds;
        long began = Stopwatch.GetTimestamp();
        using var process = Process.Start(start)!;
        try
        {
            var output = process.StandardOutput.ReadToEndAsync(cancellationToken);
            var errors = process.StandardError.ReadToEndAsync(cancellationToken);
            await process.WaitForExitAsync(cancellationToken);
            double seconds = Stopwatch.GetElapsedTime(began).TotalSeconds;
            return process.ExitCode == 0
                ? new(seconds, (CpuClock.ChildrenMicroseconds - before) / 1e6, await output)
                : throw new MeasuringException($"{Path.GetFileName(program)} ended with {process.ExitCode}: {(await errors + await output).Trim()}");
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            throw;
        }
    }
}
