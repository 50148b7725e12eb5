using System.CommandLine;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.SignalR;
using Microsoft.Extensions.DependencyInjection;
using PerfPortal.Benchmarks.Measuring;

namespace PerfPortal.Benchmarks.Push;

/// <summary>
/// The verb <c>push</c>: one message a second to many hub clients, against SignalR's own way to send the same JSON to all; and pages that are open
/// on the dashboard.
/// </summary>
internal static class PushVerb
{
    private const string Subscription = "{\"type\":1,\"invocationId\":\"1\",\"target\":\"Subscribe\",\"arguments\":[[\"operations\"],null]}";
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    /// <summary>A hub that sends what it is given to all.</summary>
    public static Yardstick PlainHub { get; } = new("hub", services => services.AddSignalR(), app =>
    {
        app.MapHub<Nobody>("/hub");
        app.MapPost("/say", async (HttpRequest request, IHubContext<Nobody> hub) =>
        {
            using var body = await JsonDocument.ParseAsync(request.Body);
            await hub.Clients.All.SendAsync("OperationsChanged", body.RootElement);
        });
    });

    /// <summary>The verb.</summary>
    public static Command Create()
    {
        var clients = new Option<int>("--clients") { Description = "Hub clients; 0 leaves them out.", DefaultValueFactory = _ => 2_000, HelpName = "N" };
        var rounds = new Option<int>("--rounds") { Description = "Rounds; the median counts.", DefaultValueFactory = _ => 3, HelpName = "N" };
        var seconds = new Option<int>("--seconds") { Description = "Seconds of each kind a round.", DefaultValueFactory = _ => 15, HelpName = "S" };
        var pages = new Option<int>("--pages") { Description = "Browser pages open on the dashboard, then on Operations; 0 leaves them out.", DefaultValueFactory = _ => 16, HelpName = "N" };
        return MeasurementVerb.Create(
            "push", "Measures what it costs to tell many hub clients, and open pages, something every second.",
            async (arguments, progress, cancellationToken) =>
            {
                int count = arguments.GetValue(clients);
                var rows = new List<MeasuredRow>();
                if (count > 0)
                {
                    rows.AddRange(await MeasureAsync(count, arguments.GetValue(rounds), arguments.GetValue(seconds), progress, cancellationToken));
                }

                if (arguments.GetValue(pages) is > 0 and var opened)
                {
                    rows.AddRange(await DashboardPages.MeasureAsync(opened, TimeSpan.FromSeconds(2 * arguments.GetValue(seconds)), progress, cancellationToken));
                }

                return rows;
            }, clients, rounds, seconds, pages);
    }

    private static async Task<IReadOnlyList<MeasuredRow>> MeasureAsync(int count, int rounds, int seconds, TextWriter progress, CancellationToken cancellationToken)
    {
        await using var portal = await PortalProcess.StartAsync(cancellationToken);
        await using var yardstick = await YardstickProcess.StartAsync(PlainHub, cancellationToken);
        using var http = new HttpClient();
        long sent = 0;
        Task ReportAsync() => PostAsync(http, new(portal.Api, "operations/batch"), SampleBatch.Write(1, sent++, 1, TimeProvider.System.GetUtcNow()), cancellationToken);
        await RepeatAsync(5, Second, ReportAsync, cancellationToken);
        await progress.WriteLineAsync($"Connecting {count} clients to each ...");
        await using var listeners = await HubClients.ConnectAsync(new(portal.BaseAddress, "hubs/performance"), count, Subscription, cancellationToken);
        await using var plain = await HubClients.ConnectAsync(new(yardstick.BaseAddress, "hub"), count, null, cancellationToken);
        await WarmUpAsync(ReportAsync, cancellationToken);
        byte[] said = Argument(listeners.Last ?? throw new InvalidDataException("The portal said nothing."));
        Task SayAsync() => PostAsync(http, new(yardstick.BaseAddress, "say"), said, cancellationToken);
        await WarmUpAsync(SayAsync, cancellationToken);
        List<double> busy = [], deliveries = [], plainUs = [];
        for (int round = 0; round < rounds; round++)
        {
            await progress.WriteLineAsync($"Round {round + 1} of {rounds} ...");
            long before = plain.Messages;
            double cpu = await CpuAsync(yardstick, seconds, SayAsync, cancellationToken);
            plainUs.Add(cpu * seconds * 1e6 / (plain.Messages - before));
            before = listeners.Messages;
            busy.Add(await CpuAsync(portal.Server, seconds, ReportAsync, cancellationToken));
            deliveries.Add((listeners.Messages - before) / (double)seconds);
        }

        int open = listeners.Open;
        await listeners.DisposeAsync();

        // What the portal does each second without anybody listening.
        await progress.WriteLineAsync("Reporting without listeners ...");
        await RepeatAsync(5, Second, ReportAsync, cancellationToken);
        double idle = await CpuAsync(portal.Server, 2 * seconds, ReportAsync, cancellationToken);
        var percent = busy.Select(cpu => (cpu - idle) * 100);
        var portalUs = busy.Zip(deliveries, (cpu, each) => (cpu - idle) * 1e6 / each);
        double arrived = deliveries[^1] / count;
        return
        [
            new($"one message a second to {count:N0} hub clients, server CPU", Medians.Median(percent), "% of a core", Goal: Goal.AtMost(10)),
            new("the same, for each delivery", Medians.Median(portalUs), "µs", "Clients.All.SendAsync of the same JSON", Medians.Median(plainUs), Goal.AtMost(1.1)),
            new("messages that arrived, of those sent", arrived, ""),
            new("connections that are still open", open, ""),
            new("a message", said.Length, "bytes"),
            new("the portal without listeners, server CPU", idle * 100, "% of a core"),
        ];
    }

    /// <summary>CPU seconds a second while something is done every second.</summary>
    private static async Task<double> CpuAsync(ServerProcess server, int seconds, Func<Task> action, CancellationToken cancellationToken)
    {
        double cpu = server.CpuSeconds;
        await RepeatAsync(seconds, Second, action, cancellationToken);
        return (server.CpuSeconds - cpu) / seconds;
    }

    /// <summary>The runtime recompiles what ran thirty times, and once more what ran sixty times: until then a third of a server's time goes into that.</summary>
    private static Task WarmUpAsync(Func<Task> action, CancellationToken cancellationToken) => RepeatAsync(100, Second / 3, action, cancellationToken);

    private static async Task RepeatAsync(int times, TimeSpan period, Func<Task> action, CancellationToken cancellationToken)
    {
        using var timer = new PeriodicTimer(period);
        for (int time = 0; time < times; time++)
        {
            await action();
            await timer.WaitForNextTickAsync(cancellationToken);
        }
    }

    private static async Task PostAsync(HttpClient http, Uri address, byte[] json, CancellationToken cancellationToken)
    {
        using var body = new ByteArrayContent(json);
        body.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        using var answer = await http.PostAsync(address, body, cancellationToken);
        answer.EnsureSuccessStatusCode();
    }

    /// <summary>What the invocation carries.</summary>
    private static byte[] Argument(string invocation)
    {
        using var document = JsonDocument.Parse(invocation);
        return Encoding.UTF8.GetBytes(document.RootElement.GetProperty("arguments")[0].GetRawText());
    }

    internal sealed class Nobody : Hub;
}
