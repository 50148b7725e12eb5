using System.Globalization;
using PerfPortal.Benchmarks.Measuring;
using PerfPortal.Benchmarks.Workload.Models;
using PerfPortal.Benchmarks.Workload.Server;
using PerfPortal.Domain.Advice;

namespace PerfPortal.Benchmarks.Components;

/// <summary>Downloads from a server that fails: retries as the history advises, those of the safe defaults, and the fixed ones of curl.</summary>
internal static class FlakyDownloads
{
    private const int Downloads = 16;
    private const long FileBytes = 12_000_000;
    private const string FixedSeconds = "2";
    private static readonly ServerFaults Faults = new() { BytesPerSecondPerConnection = 2 << 20, UnavailableShare = 0.2, ResetShare = 0.2 };

    /// <summary>Measures.</summary>
    public static async Task<IReadOnlyList<MeasuredRow>> MeasureAsync(ComponentBench bench, CancellationToken cancellationToken)
    {
        await bench.TellAsync("Downloads from a server that fails ...");
        await using var server = await LocalModelServer.StartAsync(
            new() { Models = [new("bench/flaky", ModelFormat.Gguf, FileBytes * 2)], Faults = Faults }, cancellationToken);
        var file = server.CommitOf("bench/flaky").Files.Values.Single(file => file.IsLarge);
        var url = new Uri(server.Address, $"cdn/{file.Sha256}");
        var history = new LearnedAdvice();
        Task<Arm> RunAsync(IAdviser adviser) => MeasureAsync(server, file.Length, async () =>
        {
            var results = await BenchDownloads.LoadManyAsync(bench.Fresh("loaded"), url, file.Sha256, Downloads, adviser, history, cancellationToken);
            return [.. results.Select(result => result.Duration.TotalSeconds)];
        });

        // The first ones only warm up; the second ones are what the advice is learned from.
        await BenchDownloads.LoadManyAsync(bench.Fresh("loaded"), url, file.Sha256, 2, new SafeDefaults(TimeProvider.System), new LearnedAdvice(), cancellationToken);
        var defaults = await RunAsync(new SafeDefaults(TimeProvider.System));
        var advised = await RunAsync(history.Adviser());
        var curl = Tool.Find("curl") is { } program
            ? await MeasureAsync(server, file.Length, () => CurlAsync(program, url, bench.Fresh("loaded"), cancellationToken))
            : null;
        string missing = curl is null ? "curl is not installed" : $"curl --retry-delay {FixedSeconds}, fixed, from the beginning";
        string size = string.Create(CultureInfo.InvariantCulture, $"{file.Length / 1e6:0} MB");
        const string Defaults = "safe defaults, without a history";
        string time = $"download of {size}, 20 % of requests refused, 20 % cut off, advised retries: time to success, median of {Downloads}";
        const string Vain = "bytes sent in vain meanwhile, of the file";
        return
        [
            new(time, advised.Seconds, "s", missing, curl?.Seconds),
            new(time, advised.Seconds, "s", Defaults, defaults.Seconds),
            new(Vain, advised.WastedPercent, "%", missing, curl?.WastedPercent),
            new(Vain, advised.WastedPercent, "%", Defaults, defaults.WastedPercent),
            new($"downloads that failed, of {Downloads}", advised.Failed, "", missing, curl?.Failed),
        ];
    }

    private static async Task<Arm> MeasureAsync(LocalModelServer server, long size, Func<Task<double[]>> load)
    {
        long before = server.Counts.ContentBytes;
        double[] seconds = await load();
        double sent = server.Counts.ContentBytes - before;
        return new(Medians.Median(seconds), seconds.Length == 0 ? double.NaN : ((sent / seconds.Length / size) - 1) * 100, Downloads - seconds.Length);
    }

    private static async Task<double[]> CurlAsync(string program, Uri url, string directory, CancellationToken cancellationToken)
    {
        double?[] runs = await Task.WhenAll(Enumerable.Range(0, Downloads).Select(async number =>
        {
            try
            {
                string file = Path.Join(directory, string.Create(CultureInfo.InvariantCulture, $"file-{number}"));
                string[] arguments = ["--disable", "--silent", "--fail", "--retry", "50", "--retry-delay", FixedSeconds, "--retry-all-errors", "-o", file, url.AbsoluteUri];
                return (double?)(await Tool.RunAsync(program, arguments, cancellationToken)).Seconds;
            }
            catch (MeasuringException)
            {
                return null;
            }
        }));
        return [.. runs.OfType<double>()];
    }

    private sealed record Arm(double Seconds, double WastedPercent, double Failed);
}
