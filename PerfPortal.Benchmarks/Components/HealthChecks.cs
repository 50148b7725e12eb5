using System.Diagnostics;
using PerfPortal.Benchmarks.Measuring;
using PerfPortal.Domain.Models.Health;
using PerfPortal.Domain.Models.Health.Results;

namespace PerfPortal.Benchmarks.Components;

/// <summary>A repeated check of a model against a full one, and a full one against sha256sum.</summary>
internal static class HealthChecks
{
    // Each takes seconds a gigabyte, and they differ little.
    private const int MostHashRuns = 3;

    /// <summary>Measures.</summary>
    public static async Task<IReadOnlyList<MeasuredRow>> MeasureAsync(ComponentBench bench, CancellationToken cancellationToken)
    {
        string weights = bench.Weights();
        await bench.TellAsync("Checks the model ...");
        var monitor = new ModelHealthMonitor(new() { Directories = [Path.GetDirectoryName(bench.ModelDirectory)!], StateDirectory = bench.Fresh("health") });
        string model = monitor.Scan(cancellationToken).Single().Name;
        var first = await CheckAsync(monitor, model, full: true, cancellationToken);
        await CheckAsync(monitor, model, full: false, cancellationToken);
        var full = new List<Check>();
        var cached = new List<Check>();
        for (int i = 0; i < bench.Runs; i++)
        {
            full.Add(await CheckAsync(monitor, model, full: true, cancellationToken));
            cached.Add(await CheckAsync(monitor, model, full: false, cancellationToken));
        }

        double fullMs = Medians.Median(full.Select(check => check.Milliseconds));
        double size = first.Health.SizeBytes;
        double speed = size / 1e6 / (fullMs / 1000);
        double? sumSpeed = await SumSpeedAsync(bench, weights, cancellationToken);
        return
        [
            new("repeated health check of an unchanged model", Medians.Median(cached.Select(check => check.Milliseconds)), "ms", "full check", fullMs, Goal.AtMost(0.3)),
            new("bytes that it reads", Medians.Median(cached.Select(check => (double)check.Health.BytesChecked)), "bytes", "full check", full[0].Health.BytesChecked, Goal.AtMost(0.05)),
            new("full health check, structure included", speed, "MB/s", sumSpeed is null ? "sha256sum is not installed" : "sha256sum", sumSpeed, sumSpeed is null ? null : Goal.AtLeast(0.9)),
        ];
    }

    private static async Task<Check> CheckAsync(ModelHealthMonitor monitor, string model, bool full, CancellationToken cancellationToken)
    {
        long began = Stopwatch.GetTimestamp();
        var health = await monitor.CheckAsync(model, full, cancellationToken);
        double milliseconds = Stopwatch.GetElapsedTime(began).TotalMilliseconds;
        bool isAsAsked = health.LastCheck == (full ? HealthCheckKind.Full : HealthCheckKind.Sampled);
        return health.State == HealthState.Healthy && isAsAsked
            ? new(milliseconds, health)
            : throw new MeasuringException($"The check of the model was {health.LastCheck} and found it {health.State}: {(health.Reasons.Count == 0 ? null : health.Reasons[0].Sentence)}");
    }

    private static async Task<double?> SumSpeedAsync(ComponentBench bench, string file, CancellationToken cancellationToken)
    {
        if (Tool.Find("sha256sum") is not { } program)
        {
            return null;
        }

        double[] seconds = new double[Math.Min(bench.Runs, MostHashRuns)];
        for (int i = 0; i < seconds.Length; i++)
        {
            seconds[i] = (await Tool.RunAsync(program, [file], cancellationToken)).Seconds;
        }

        return new FileInfo(file).Length / 1e6 / Medians.Median(seconds);
    }

    private sealed record Check(double Milliseconds, ModelHealth Health);
}
