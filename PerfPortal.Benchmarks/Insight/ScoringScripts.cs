using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;
using PerfPortal.Benchmarks.Measuring;

namespace PerfPortal.Benchmarks.Insight;

/// <summary>Scripts that score results independently of the portal: Python programs of the standard library, each run as a process.</summary>
/// <param name="folder">The folder of the scripts.</param>
internal sealed class ScoringScripts(string folder)
{
    private const string Python = "python3";

    /// <summary>The version of Python.</summary>
    /// <exception cref="MeasuringException">There is none.</exception>
    public static async Task<string> VersionAsync(CancellationToken cancellationToken) => (await StartAsync(["--version"], cancellationToken)).Trim();

    /// <summary>Runs a script.</summary>
    /// <returns>What it wrote to standard output.</returns>
    /// <exception cref="MeasuringException">The script or python3 is missing, or the script failed.</exception>
    public Task<string> RunAsync(string script, IEnumerable<string> arguments, CancellationToken cancellationToken)
    {
        string path = Path.Combine(folder, script);
        return File.Exists(path) ? StartAsync([path, .. arguments], cancellationToken) : throw new MeasuringException($"{path} is missing below --scorers.");
    }

    /// <summary>The last number after a name in what a script wrote, as in <c>F1 0.7960</c> or <c>'f1': 0.607</c>.</summary>
    /// <exception cref="MeasuringException">There is none.</exception>
    public static double Figure(string written, string name) =>
        Regex.Matches(written, $@"(?<![\w-]){Regex.Escape(name)}(?:':)?\s+(-?\d+(?:\.\d+)?(?:e-?\d+)?)", RegexOptions.IgnoreCase) is { Count: > 0 } matches
            ? double.Parse(matches[^1].Groups[1].Value, CultureInfo.InvariantCulture)
            : throw new MeasuringException($"The scorer wrote no figure for {name}: {written.Trim()}");

    private static async Task<string> StartAsync(IEnumerable<string> arguments, CancellationToken cancellationToken)
    {
        string[] all = [.. arguments];
        var start = new ProcessStartInfo(Python, all) { RedirectStandardOutput = true, RedirectStandardError = true };

        // The folder of the scripts may be read-only.
        start.Environment["PYTHONDONTWRITEBYTECODE"] = "1";
        Process process;
        try
        {
            process = Process.Start(start)!;
        }
        catch (Win32Exception e)
        {
            throw new MeasuringException($"{Python}, which runs the scorers, could not be started: {e.Message}");
        }

        using (process)
        {
            var written = process.StandardOutput.ReadToEndAsync(cancellationToken);
            var errors = process.StandardError.ReadToEndAsync(cancellationToken);
            try
            {
                await process.WaitForExitAsync(cancellationToken);
            }
            catch (OperationCanceledException)
            {
                process.Kill(entireProcessTree: true);
                throw;
            }

            return process.ExitCode == 0 ? await written
                : throw new MeasuringException($"{Python} {all[0]} ended with code {process.ExitCode}: {(await errors).Trim()}");
        }
    }
}
