using PerfPortal.Benchmarks.Measuring;

namespace PerfPortal.Benchmarks.Components;

/// <summary>One connection against several, where the server limits each connection and where it limits all together.</summary>
internal static class LimitedLinks
{
    private const int MiB = 1 << 20;
    private const long BytesPerSecond = 8 * MiB;
    private const int Many = 8;

    /// <summary>Measures.</summary>
    public static async Task<IReadOnlyList<MeasuredRow>> MeasureAsync(ComponentBench bench, CancellationToken cancellationToken)
    {
        await bench.TellAsync("Downloads over limited connections ...");
        return [await PerRequestAsync(bench, cancellationToken), await PerConnectionAsync(bench, cancellationToken), await PerHostAsync(bench, cancellationToken)];
    }

    private static async Task<MeasuredRow> PerRequestAsync(ComponentBench bench, CancellationToken cancellationToken)
    {
        const long Size = 32 * MiB;
        const string Name = "download, 32 MiB, nginx with limit_rate 8 MiB/s, connections by the safe default (4)";
        if (!Nginx.IsInstalled)
        {
            return new(Name, double.NaN, "s", "nginx is not installed");
        }

        string served = bench.Fresh("limited");
        await using (var file = File.Create(Path.Join(served, "file")))
        {
            file.SetLength(Size);
        }

        await using var nginx = await Nginx.StartAsync(bench.Fresh("nginx"), served, BytesPerSecond, cancellationToken);
        return await CompareAsync(bench, Name, nginx.Slow("file"), Size, null, Goal.AtMost(0.6), cancellationToken);
    }

    private static async Task<MeasuredRow> PerConnectionAsync(ComponentBench bench, CancellationToken cancellationToken)
    {
        const long Size = 24 * MiB;
        await using var server = await LimitedServer.StartAsync(Size, BytesPerSecond, isShared: false, cancellationToken);
        return await CompareAsync(
            bench, "download, 24 MiB, 8 MiB/s for each connection over all its requests, connections by the safe default (4)", server.File, Size, null, Goal.AtMost(0.6), cancellationToken);
    }

    private static async Task<MeasuredRow> PerHostAsync(ComponentBench bench, CancellationToken cancellationToken)
    {
        const long Size = 48 * MiB;
        await using var server = await LimitedServer.StartAsync(Size, 2 * BytesPerSecond, isShared: true, cancellationToken);
        return await CompareAsync(bench, "download, 48 MiB, 16 MiB/s for all connections together, 8 connections", server.File, Size, Many, Goal.AtMost(1.05), cancellationToken);
    }

    private static async Task<MeasuredRow> CompareAsync(
        ComponentBench bench, string name, Uri url, long size, int? connections, Goal goal, CancellationToken cancellationToken)
    {
        double[] many = new double[bench.Runs];
        double[] one = new double[bench.Runs];
        for (int i = 0; i < bench.Runs; i++)
        {
            one[i] = await LoadAsync(bench, url, size, 1, cancellationToken);
            many[i] = await LoadAsync(bench, url, size, connections, cancellationToken);
        }

        return new(name, Medians.Median(many), "s", "one connection", Medians.Median(one), goal);
    }

    private static async Task<double> LoadAsync(ComponentBench bench, Uri url, long size, int? connections, CancellationToken cancellationToken)
    {
        var result = await BenchDownloads.LoadAsync(bench.Fresh("loaded"), url, connections, cancellationToken);
        return result.BytesTotal == size ? result.Duration.TotalSeconds : throw new MeasuringException($"The download has {result.BytesTotal} bytes instead of {size}.");
    }
}
