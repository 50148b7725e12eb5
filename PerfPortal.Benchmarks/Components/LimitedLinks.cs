using PerfPortal.Benchmarks.Measuring;

namespace PerfPortal.Benchmarks.Components;

/// <summary>One connection against several, where the server limits each connection and where it limits all together.</summary>
internal static class LimitedLinks
{
    private const long FileBytes = 32 << 20;
    private const long BytesPerSecond = 8 << 20;
    private const int Many = 8;

    /// <summary>Measures.</summary>
    public static async Task<IReadOnlyList<MeasuredRow>> MeasureAsync(ComponentBench bench, CancellationToken cancellationToken) =>
        [await PerConnectionAsync(bench, cancellationToken), await PerHostAsync(bench, cancellationToken)];

    private static async Task<MeasuredRow> PerConnectionAsync(ComponentBench bench, CancellationToken cancellationToken)
    {
        const string Name = "download, 32 MiB, each connection limited to 8 MiB/s, connections by the safe default (4)";
        if (!Nginx.IsInstalled)
        {
            return new(Name, double.NaN, "s", "nginx is not installed");
        }

        await bench.TellAsync("Downloads over limited connections ...");
        string served = bench.Fresh("limited");
        await using (var file = File.Create(Path.Join(served, "file")))
        {
            file.SetLength(FileBytes);
        }

        await using var nginx = await Nginx.StartAsync(bench.Fresh("nginx"), served, BytesPerSecond, cancellationToken);
        var (many, one) = await CompareAsync(bench, nginx.Slow("file"), null, cancellationToken);
        return new(Name, many, "s", "one connection", one, Goal.AtMost(0.6));
    }

    private static async Task<MeasuredRow> PerHostAsync(ComponentBench bench, CancellationToken cancellationToken)
    {
        await using var server = await HostLimitServer.StartAsync(FileBytes, 2 * BytesPerSecond, cancellationToken);
        var (many, one) = await CompareAsync(bench, server.File, Many, cancellationToken);
        return new("download, 32 MiB, all connections together limited to 16 MiB/s, 8 connections", many, "s", "one connection", one, Goal.AtMost(1.05));
    }

    private static async Task<(double Many, double One)> CompareAsync(ComponentBench bench, Uri url, int? connections, CancellationToken cancellationToken)
    {
        double[] many = new double[bench.Runs];
        double[] one = new double[bench.Runs];
        for (int i = 0; i < bench.Runs; i++)
        {
            one[i] = await LoadAsync(bench, url, 1, cancellationToken);
            many[i] = await LoadAsync(bench, url, connections, cancellationToken);
        }

        return (Medians.Median(many), Medians.Median(one));
    }

    private static async Task<double> LoadAsync(ComponentBench bench, Uri url, int? connections, CancellationToken cancellationToken)
    {
        var result = await BenchDownloads.LoadAsync(bench.Fresh("loaded"), url, connections, cancellationToken);
        return result.BytesTotal == FileBytes ? result.Duration.TotalSeconds : throw new MeasuringException($"The download has {result.BytesTotal} bytes instead of {FileBytes}.");
    }
}
