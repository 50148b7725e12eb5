using System.CommandLine;
using System.Net.Http.Headers;
using PerfPortal.Benchmarks.Measuring;

namespace PerfPortal.Benchmarks.Startup;

/// <summary>The verb <c>startup</c>: from the making of the process to the first 200 of <c>/readyz</c>.</summary>
internal static class StartupVerb
{
    private const int Batches = 20;
    private const int BatchSize = 1_000;

    /// <summary>A web application that does nothing: what the runtime and the web server take by themselves.</summary>
    public static Yardstick Nothing { get; } = new("nothing", _ => { }, _ => { });

    /// <summary>The verb.</summary>
    public static Command Create()
    {
        var rounds = new Option<int>("--rounds") { Description = "Starts of each kind.", DefaultValueFactory = _ => 9, HelpName = "N" };
        return MeasurementVerb.Create(
            "startup", "Measures the time from the start of the process until the portal is ready.",
            (arguments, progress, cancellationToken) => MeasureAsync(arguments.GetValue(rounds), progress, cancellationToken), rounds);
    }

    private static async Task<IReadOnlyList<MeasuredRow>> MeasureAsync(int rounds, TextWriter progress, CancellationToken cancellationToken)
    {
        await progress.WriteLineAsync("Starting on an empty database ...");
        var (empty, emptyCpu, bare) = await StartEmptyAsync(rounds, cancellationToken);
        await using var portal = await PortalProcess.StartAsync(cancellationToken);
        await LoadAsync(portal, Batches, 0, cancellationToken);
        await progress.WriteLineAsync("Starting on a database with operations ...");
        var existing = new List<double>();
        for (int round = 0; round < rounds; round++)
        {
            await portal.StopAsync(cancellationToken);
            existing.Add((await portal.StartAgainAsync(cancellationToken)).TotalSeconds);
        }

        await progress.WriteLineAsync("Killing it under load ...");
        var killed = new List<double>();
        for (int round = 0; round < rounds; round++)
        {
            killed.Add(await KillUnderLoadAsync(portal, round + 1, cancellationToken));
        }

        return
        [
            new("ready on an empty database, median", Medians.Median(empty), "s", Goal: Goal.AtMost(1.0)),
            new("ready on a database with 20,000 operations, median", Medians.Median(existing), "s", Goal: Goal.AtMost(1.0)),
            new("ready after kill -9 under load, median", Medians.Median(killed), "s", Goal: Goal.AtMost(2.0)),
            new("ready after kill -9 under load, longest", killed.Max(), "s", Goal: Goal.AtMost(2.0)),
            new("CPU time until ready on an empty database, median", Medians.Median(emptyCpu), "s"),
            new("a web application that does nothing, ready, median", Medians.Median(bare), "s"),
        ];
    }

    private static async Task<(List<double> Empty, List<double> Cpu, List<double> Bare)> StartEmptyAsync(int rounds, CancellationToken cancellationToken)
    {
        List<double> empty = [], cpu = [], bare = [];
        for (int round = 0; round < rounds; round++)
        {
            await using (var portal = await PortalProcess.StartAsync(cancellationToken))
            {
                cpu.Add(portal.CpuSeconds);
                empty.Add(portal.Server.StartTime.TotalSeconds);
            }

            await using var nothing = await YardstickProcess.StartAsync(Nothing, cancellationToken);
            bare.Add(nothing.StartTime.TotalSeconds);
        }

        return (empty, cpu, bare);
    }

    private static async Task LoadAsync(PortalProcess portal, int batches, int run, CancellationToken cancellationToken)
    {
        using var client = new HttpClient { BaseAddress = portal.Api };
        for (int batch = 0; batch < batches; batch++)
        {
            using var body = new ByteArrayContent(SampleBatch.Write(run, batch * BatchSize, BatchSize, TimeProvider.System.GetUtcNow()));
            body.Headers.ContentType = new MediaTypeHeaderValue("application/json");
            using var answer = await client.PostAsync(new Uri("operations/batch", UriKind.Relative), body, cancellationToken);
            answer.EnsureSuccessStatusCode();
        }
    }

    private static async Task<double> KillUnderLoadAsync(PortalProcess portal, int run, CancellationToken cancellationToken)
    {
        var load = LoadAsync(portal, int.MaxValue / BatchSize, run, cancellationToken);
        await Task.Delay(TimeSpan.FromMilliseconds(700), cancellationToken);
        await portal.KillAsync();
        try
        {
            await load;
        }
        catch (HttpRequestException)
        {
            // The connection broke, as it should.
        }

        return (await portal.StartAgainAsync(cancellationToken)).TotalSeconds;
    }
}
