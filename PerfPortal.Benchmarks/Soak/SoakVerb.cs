using System.CommandLine;
using PerfPortal.Benchmarks.Measuring;
using PerfPortal.Benchmarks.Push;

namespace PerfPortal.Benchmarks.Soak;

/// <summary>The verb <c>soak</c>: a mixed load on one portal for a long time, killed on the way if asked to, and the count at the end.</summary>
internal static class SoakVerb
{
    private const int BatchSize = 200;
    private const int Viewers = 20;
    private const string Subscription = "{\"type\":1,\"invocationId\":\"1\",\"target\":\"Subscribe\",\"arguments\":[[\"operations\",\"resources\",\"dashboard\"],null]}";
    private static readonly TimeSpan PointEvery = TimeSpan.FromSeconds(5);

    /// <summary>The verb.</summary>
    public static Command Create()
    {
        var minutes = new Option<double>("--minutes") { Description = "For how long.", DefaultValueFactory = _ => 10, HelpName = "M" };
        var kills = new Option<int>("--kill") { Description = "Kill it so often on the way (kill -9).", HelpName = "N" };
        var rate = new Option<int>("--rate") { Description = "Operations a second.", DefaultValueFactory = _ => 2_000, HelpName = "N" };
        return MeasurementVerb.Create(
            "soak", "Long load test: nothing may be lost, duplicated, or grow.",
            (arguments, progress, cancellationToken) => RunAsync(
                TimeSpan.FromMinutes(arguments.GetValue(minutes)), arguments.GetValue(kills), arguments.GetValue(rate), progress, cancellationToken),
            minutes, kills, rate);
    }

    private static async Task<IReadOnlyList<MeasuredRow>> RunAsync(TimeSpan length, int kills, int rate, TextWriter progress, CancellationToken cancellationToken)
    {
        await using var portal = await PortalProcess.StartAsync(cancellationToken);
        var since = TimeProvider.System.GetUtcNow().AddMinutes(-1);
        var tally = new SoakTally();
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        using var client = new SoakClient(portal.Api, tally);
        var pace = TimeSpan.FromSeconds(2.0 * BatchSize / rate);
        Task<long>[] reporting =
        [
            client.ReportAsync(1, BatchSize, pace, stop.Token), client.ReportAsync(2, BatchSize, pace, stop.Token), client.LiveAsync(3, TimeSpan.FromMilliseconds(100), stop.Token),
        ];
        var asking = client.AskAsync(TimeSpan.FromMilliseconds(100), stop.Token);
        var (points, restarts) = await WatchAsync(portal, tally, length, kills, progress, [.. reporting, asking], cancellationToken);
        await stop.CancelAsync();
        long[] counts = await Task.WhenAll(reporting);
        await asking;
        await progress.WriteLineAsync("Counting ...");
        long acknowledged = counts.Sum();
        long stored = await SettledCountAsync(portal, since, acknowledged, cancellationToken);
        int missing = await SoakCheck.MissingAsync(portal, counts.Select((count, index) => (index + 1, count)), cancellationToken);
        await portal.StopAsync(cancellationToken);
        return
        [
            new("operations acknowledged", acknowledged, ""),
            new("of them lost", Math.Max(0, acknowledged - stored), "", Goal: Goal.AtMost(0)),
            new("of them stored twice", Math.Max(0, stored - acknowledged), "", Goal: Goal.AtMost(0)),
            new("of a sample not found by id", missing, "", Goal: Goal.AtMost(0)),
            new("complaints of the database's check", SoakCheck.Complaints(portal.DatabaseFile), "", Goal: Goal.AtMost(0)),
            new("requests refused (429, 503)", tally.Refused, ""),
            .. kills > 0 ? Restarts(restarts, tally) : Growth(points),
        ];
    }

    private static IEnumerable<MeasuredRow> Restarts(List<double> restarts, SoakTally tally) =>
    [
        new("times killed", restarts.Count, ""),
        new("connections that broke", tally.Broken, ""),
        new("ready again, median", Medians.Median(restarts), "s", Goal: Goal.AtMost(2)),
        new("ready again, longest", restarts.Max(), "s", Goal: Goal.AtMost(2)),
    ];

    private static IEnumerable<MeasuredRow> Growth(List<SoakPoint> points) =>
    [
        new("memory, last quarter by first", SoakGrowth.Of(points, point => point.MemoryMb), "", Goal: Goal.AtMost(1.1)),
        new("handles, last quarter by first", SoakGrowth.Of(points, point => point.Handles), "", Goal: Goal.AtMost(1.1)),
        new("threads, last quarter by first", SoakGrowth.Of(points, point => point.Threads), "", Goal: Goal.AtMost(1.1)),
        new("p99 of reports, last quarter by first", SoakGrowth.Of(points, point => point.Ingest.P99), "", Goal: Goal.AtMost(1.1)),
        new("p99 of queries, last quarter by first", SoakGrowth.Of(points, point => point.Queries.P99), "", Goal: Goal.AtMost(1.1)),
        new("memory at the end", points[^1].MemoryMb, "MB"),
    ];

    /// <summary>Looks at the process every few seconds, tells it every minute, and kills it at even distances.</summary>
    private static async Task<(List<SoakPoint> Points, List<double> Restarts)> WatchAsync(
        PortalProcess portal, SoakTally tally, TimeSpan length, int kills, TextWriter progress, Task[] load, CancellationToken cancellationToken)
    {
        List<SoakPoint> points = [];
        List<double> restarts = [];
        var viewers = await ViewAsync(portal, cancellationToken);
        long begun = TimeProvider.System.GetTimestamp();
        try
        {
            using var timer = new PeriodicTimer(kills > 0 && length / (kills + 1) < PointEvery ? length / (kills + 1) : PointEvery);
            while (TimeProvider.System.GetElapsedTime(begun) is var at && (at < length || restarts.Count < kills))
            {
                if (load.FirstOrDefault(task => task.IsFaulted) is { } failed)
                {
                    await failed;
                }

                if (restarts.Count < kills && at >= (restarts.Count + 1) * (length / (kills + 1)))
                {
                    await portal.KillAsync();
                    await viewers.DisposeAsync();
                    restarts.Add((await portal.StartAgainAsync(cancellationToken)).TotalSeconds);
                    viewers = await ViewAsync(portal, cancellationToken);
                }

                await timer.WaitForNextTickAsync(cancellationToken);
                var figures = portal.Server.Figures;
                var (ingest, queries) = tally.Take();
                points.Add(new(at, figures.ResidentBytes / 1e6, portal.Server.Handles, figures.Threads, ingest, queries));
                if (points.Count % 12 == 0)
                {
                    await progress.WriteLineAsync(Line(points[^1], tally));
                }
            }
        }
        finally
        {
            await viewers.DisposeAsync();
        }

        return (points, restarts);
    }

    private static Task<HubClients> ViewAsync(PortalProcess portal, CancellationToken cancellationToken) =>
        HubClients.ConnectAsync(new(portal.BaseAddress, "hubs/performance"), Viewers, Subscription, cancellationToken);

    private static string Line(SoakPoint point, SoakTally tally) => FormattableString.Invariant(
        $"{point.At.TotalMinutes,6:0.0} min  {point.MemoryMb,6:0} MB  {point.Handles,5} handles  {point.Threads,4} threads  reports p50 {point.Ingest.P50:0.0} p99 {point.Ingest.P99:0.0} ms  queries p50 {point.Queries.P50:0.0} p99 {point.Queries.P99:0.0} ms  {tally.Acknowledged} stored  {tally.Refused} refused");

    /// <summary>Statistics follow the commits at once; after the last one they may lag for as long as a rollup takes.</summary>
    private static async Task<long> SettledCountAsync(PortalProcess portal, DateTimeOffset since, long expected, CancellationToken cancellationToken)
    {
        long count = 0;
        for (int attempt = 0; attempt < 20; attempt++)
        {
            count = await SoakCheck.CountAsync(portal, since, cancellationToken);
            if (count == expected)
            {
                break;
            }

            await Task.Delay(TimeSpan.FromMilliseconds(500), cancellationToken);
        }

        return count;
    }
}
