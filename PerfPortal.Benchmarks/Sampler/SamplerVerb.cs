using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using Microsoft.Extensions.Logging.Abstractions;
using PerfPortal.Benchmarks.Measuring;
using PerfPortal.Domain.Resources;
using PerfPortal.Domain.Sampling;

namespace PerfPortal.Benchmarks.Sampler;

/// <summary>The verb <c>sampler</c>: one round of every sensor, against sysstat's collector and netdata's.</summary>
internal static class SamplerVerb
{
    private const int Warmup = 200;
    private const int Warmups = 5;
    private const int Repetitions = 2_000;
    private const int FewRounds = 2;
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(300);
    private static readonly string[] Collectors = ["/usr/lib/sysstat/sadc", "/usr/lib64/sa/sadc", "/usr/libexec/sadc"];

    /// <summary>The verb.</summary>
    public static Command Create()
    {
        var seconds = new Option<int>("--seconds") { Description = "Rounds a second apart, of the portal's sampler and of sadc each.", DefaultValueFactory = _ => 30, HelpName = "S" };
        return MeasurementVerb.Create(
            "sampler", "Measures one round of every sensor; with sysstat and netdata installed against their collectors.",
            (arguments, progress, cancellationToken) => MeasureAsync(arguments.GetValue(seconds), progress, cancellationToken), seconds);
    }

    private static async Task<IReadOnlyList<MeasuredRow>> MeasureAsync(int seconds, TextWriter progress, CancellationToken cancellationToken)
    {
        var options = new SamplerOptions { Source = "bench", DataDirectory = Path.GetTempPath(), EnableGpu = true };
        using var probes = HostProbes.Create(options);
        using var sampler = new ResourceSampler(options, HostProbes.Create(options), new Nowhere(), TimeProvider.System, NullLogger<ResourceSampler>.Instance);
        var reused = new ResourceSample("bench", TimeProvider.System.GetUtcNow());
        long begun = Stopwatch.GetTimestamp();
        void Round() => probes.Measure(reused, Stopwatch.GetElapsedTime(begun));
        void Keep() => sampler.Sample();
        var (roundUs, roundBytes) = await RepeatAsync(Round, cancellationToken);
        var (keptUs, keptBytes) = await RepeatAsync(Keep, cancellationToken);
        await progress.WriteLineAsync("A round a second ...");
        double paced = await PacedAsync(Keep, seconds, cancellationToken);
        await progress.WriteLineAsync("sadc ...");
        double? sadc = await SadcAsync(seconds, cancellationToken);
        await progress.WriteLineAsync("netdata ...");
        double? netdata = await Netdata.MeasureAsync(seconds, cancellationToken);
        return
        [
            new("one round, every sensor, allocated", roundBytes, "bytes", Goal: Goal.AtMost(0)),
            new("one round, every sensor, again and again", roundUs, "µs CPU"),
            new("the same with a sample to keep, allocated", keptBytes, "bytes"),
            new("the same with a sample to keep, again and again", keptUs, "µs CPU"),
            new("the same, a round a second", paced, "µs CPU", sadc is null ? "sysstat is not installed" : "sadc -S XALL, a round a second", sadc, sadc is null ? null : Goal.AtMost(0.15)),
            new("the same, a round a second", paced, "µs CPU", netdata is null ? "netdata is not installed" : "netdata's collectors of the same, a round a second", netdata),
            new("a round a second", paced / 1e6 * 100, "% of a core", Goal: Goal.AtMost(0.1)),
        ];
    }

    private static async Task<(double Microseconds, double Bytes)> RepeatAsync(Action round, CancellationToken cancellationToken)
    {
        // The runtime translates what runs often twice again, in the background: what a sampler has behind it after minutes is waited for here.
        for (int i = 0; i < Warmups; i++)
        {
            Repeat(round, Warmup);
            await Task.Delay(Pause, cancellationToken);
        }

        return Repeat(round, Repetitions);
    }

    private static (double Microseconds, double Bytes) Repeat(Action round, int count)
    {
        double cpu = CpuClock.ThreadMicroseconds;
        long bytes = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < count; i++)
        {
            round();
        }

        bytes = GC.GetAllocatedBytesForCurrentThread() - bytes;
        return ((CpuClock.ThreadMicroseconds - cpu) / count, bytes / (double)count);
    }

    /// <summary>The processor's caches are cold after a second, as they are for the collector.</summary>
    private static async Task<double> PacedAsync(Action round, int seconds, CancellationToken cancellationToken)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromSeconds(1));
        double cpu = 0;
        for (int second = 0; second < seconds; second++)
        {
            await timer.WaitForNextTickAsync(cancellationToken);
            double before = CpuClock.ThreadMicroseconds;
            round();
            cpu += CpuClock.ThreadMicroseconds - before;
        }

        return cpu / seconds;
    }

    /// <summary>What a round costs the collector: many rounds less a few, so that its start does not count. <see langword="null"/> where it is not installed.</summary>
    private static async Task<double?> SadcAsync(int seconds, CancellationToken cancellationToken)
    {
        if (Collectors.FirstOrDefault(File.Exists) is not { } collector)
        {
            return null;
        }

        double few = await RunAsync(collector, FewRounds, cancellationToken);
        double many = await RunAsync(collector, FewRounds + seconds, cancellationToken);
        return (many - few) / seconds;
    }

    private static async Task<double> RunAsync(string collector, int rounds, CancellationToken cancellationToken)
    {
        string file = Path.GetTempFileName();
        try
        {
            File.Delete(file);
            double before = CpuClock.ChildrenMicroseconds;
            using var process = Process.Start(collector, ["-S", "XALL", "1", rounds.ToString(CultureInfo.InvariantCulture), file]);
            await process.WaitForExitAsync(cancellationToken);
            return CpuClock.ChildrenMicroseconds - before;
        }
        finally
        {
            File.Delete(file);
        }
    }

    private sealed class Nowhere : ISampleSink
    {
        public void OnSample(ResourceSample sample, TimeSpan covered)
        {
        }
    }
}
