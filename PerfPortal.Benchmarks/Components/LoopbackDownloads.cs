using PerfPortal.Benchmarks.Measuring;

namespace PerfPortal.Benchmarks.Components;

/// <summary>A large file from nginx on loopback, as fast as possible: the downloader, which hashes it too, against aria2 and against curl with sha256sum.</summary>
internal static class LoopbackDownloads
{
    private const int Connections = 4;
    private const double Giga = 1e9;
    private const double Mega = 1e6;

    /// <summary>Measures.</summary>
    public static async Task<IReadOnlyList<MeasuredRow>> MeasureAsync(ComponentBench bench, CancellationToken cancellationToken)
    {
        const string Speed = "download over loopback, 4 connections, SHA-256 included, in a process that has downloaded before";
        const string Cpu = "processor time of a process for its first download, start included";
        if (!Nginx.IsInstalled)
        {
            return [new(Speed, double.NaN, "MB/s", "nginx is not installed")];
        }

        await bench.TellAsync("Generates the model ...");
        string weights = bench.Weights();
        long bytes = new FileInfo(weights).Length;
        await using var nginx = await Nginx.StartAsync(bench.Fresh("nginx"), Path.GetDirectoryName(weights)!, 1, cancellationToken);
        var url = nginx.Fast(Path.GetFileName(weights));
        await bench.TellAsync("Downloads over loopback ...");
        var own = new List<ProcessDownloads>();
        var aria = new List<ToolRun?>();
        var curl = new List<double?>();
        for (int i = 0; i < bench.Runs; i++)
        {
            own.Add(await DownloadProcess.RunAsync(url, bench.Fresh("loaded"), Connections, cancellationToken));
            aria.Add(await AriaAsync(url, bench.Fresh("loaded"), cancellationToken));
            curl.Add(await CurlCpuAsync(url, bench.Fresh("loaded"), cancellationToken));
        }

        bench.Fresh("loaded");
        double speed = bytes / Mega / Medians.Median(own.Select(run => run.SecondSeconds));
        double cpu = Medians.Median(own.Select(run => run.CpuSeconds)) / bytes * Giga;
        double? ariaSpeed = aria.Contains(null) ? null : bytes / Mega / Medians.Median(aria.Select(run => run!.Seconds));
        double? curlCpu = curl.Contains(null) ? null : Medians.Median(curl.Select(seconds => seconds!.Value)) / bytes * Giga;
        return
        [
            new(Speed, speed, "MB/s", ariaSpeed is null ? "aria2 is not installed" : "aria2c -x 4 -s 4, which does not hash", ariaSpeed, ariaSpeed is null ? null : Goal.AtLeast(0.95)),
            new(Cpu, cpu, "s/GB", curlCpu is null ? "curl or sha256sum is not installed" : "curl + sha256sum", curlCpu, curlCpu is null ? null : Goal.AtMost(1)),
            new(Cpu, cpu, "s/GB", "aria2c", aria.Contains(null) ? null : Medians.Median(aria.Select(run => run!.CpuSeconds)) / bytes * Giga),
            new("the first download of a process", bytes / Mega / Medians.Median(own.Select(run => run.FirstSeconds)), "MB/s", ariaSpeed is null ? null : "aria2c", ariaSpeed),
        ];
    }

    private static async Task<ToolRun?> AriaAsync(Uri url, string directory, CancellationToken cancellationToken) => Tool.Find("aria2c") is not { } program
        ? null
        : await Tool.RunAsync(
            program,
            ["--no-conf", "--quiet", "--enable-color=false", "--file-allocation=falloc", "-x", "4", "-s", "4", "-d", directory, "-o", "file", url.AbsoluteUri],
            cancellationToken);

    private static async Task<double?> CurlCpuAsync(Uri url, string directory, CancellationToken cancellationToken)
    {
        if (Tool.Find("curl") is not { } curl || Tool.Find("sha256sum") is not { } hash)
        {
            return null;
        }

        string file = Path.Join(directory, "file");
        var load = await Tool.RunAsync(curl, ["--disable", "--silent", "--fail", "-o", file, url.AbsoluteUri], cancellationToken);
        return load.CpuSeconds + (await Tool.RunAsync(hash, [file], cancellationToken)).CpuSeconds;
    }
}
