using System.Diagnostics;
using System.Net;
using System.Net.Http.Json;
using System.Net.Sockets;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using PerfPortal.Domain.Alerts.Delivery;
using PerfPortal.Domain.Settings;
using PerfPortal.Server.Alerts;
using PerfPortal.Server.Alerts.Channels;
using PerfPortal.Server.Alerts.Receivers;
using Xunit;
using static PerfPortal.Tests.Alerts.Delivery.Messages;

namespace PerfPortal.Tests.Alerts.Delivery;

/// <summary>Runs a real Alertmanager, where one is installed.</summary>
public sealed class RealAlertmanagerTests
{
    private static readonly string[] Programs = ["/usr/bin/prometheus-alertmanager", "/usr/bin/alertmanager", "/usr/local/bin/alertmanager"];

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task An_Alertmanager_accepts_and_shows_our_alerts_and_its_own_webhook_has_the_shape_of_ours()
    {
        string? program = Programs.FirstOrDefault(File.Exists);
        Assert.SkipWhen(program is null, "No Alertmanager is installed (Debian: prometheus-alertmanager).");
        string folder = Directory.CreateTempSubdirectory("perfportal-alertmanager-").FullName;
        await using var hook = await LoopbackReceiver.StartAsync();
        int port = FreePort();
        await File.WriteAllTextAsync(Path.Combine(folder, "am.yml"), $"route: {{ receiver: hook, group_wait: 0s }}\nreceivers: [{{ name: hook, webhook_configs: [{{ url: '{hook.Url}/theirs' }}] }}]\n", Cancel);
        using var process = Process.Start(new ProcessStartInfo(
            program!, [$"--config.file={folder}/am.yml", $"--storage.path={folder}", $"--web.listen-address=127.0.0.1:{port}", "--cluster.listen-address="])
        { RedirectStandardError = true, RedirectStandardOutput = true })!;
        process.BeginErrorReadLine();
        process.BeginOutputReadLine();
        try
        {
            await TryAsync(program!, hook, new($"http://127.0.0.1:{port}"));
        }
        finally
        {
            process.Kill();
            await process.WaitForExitAsync(CancellationToken.None);
            Directory.Delete(folder, recursive: true);
        }
    }

    private static async Task TryAsync(string program, LoopbackReceiver hook, Uri url)
    {
        using var client = new HttpClient { BaseAddress = url };
        var limit = Stopwatch.StartNew();
        while (!await IsReadyAsync(client))
        {
            Assert.True(limit.Elapsed < TimeSpan.FromSeconds(30), $"{program} does not start.");
            await Task.Delay(100, Cancel);
        }

        var services = new ServiceCollection();
        services.AddHttpClient(AlertHttp.ClientName).ConfigurePrimaryHttpMessageHandler(() => AlertsSetup.CreateHandler(new(true)));
        await using var provider = services.BuildServiceProvider();
        var http = new AlertHttp(provider.GetRequiredService<IHttpClientFactory>(), TimeProvider.System);
        var now = TimeProvider.System.GetUtcNow();
        var alert = Alert(since: now.AddMinutes(-2)).Explained();
        alert = alert with { Labels = new Dictionary<string, string>(alert.Labels) { ["team-name"] = "ml" } };
        var channel = new AlertmanagerChannel(http, TimeProvider.System);
        var answer = await channel.SendAsync(Receiver() with { Kind = ReceiverKind.Alertmanager, Url = url }, ReceiverSecret.None, Message(alert), Cancel);
        Assert.True(answer.Outcome == DeliveryOutcome.Accepted, answer.Text);

        var shown = Assert.Single((await client.GetFromJsonAsync<JsonElement>("/api/v2/alerts", Cancel)).EnumerateArray());
        var labels = PrometheusTerms.Labels(alert.Labels);
        Assert.Equal(labels, shown.GetProperty("labels").EnumerateObject().ToDictionary(label => label.Name, label => label.Value.GetString()!));
        Assert.Equal("ml", labels["team_name"]);
        Assert.Equal("active", shown.GetProperty("status").GetProperty("state").GetString());
        Assert.Equal(PrometheusTerms.Fingerprint(labels), shown.GetProperty("fingerprint").GetString());

        while (hook.Requests.IsEmpty)
        {
            Assert.True(limit.Elapsed < TimeSpan.FromSeconds(60), "The Alertmanager sends no webhook.");
            await Task.Delay(100, Cancel);
        }

        var ours = await OwnAsync(http, hook, alert);
        var theirs = JsonDocument.Parse(hook.Requests.First(request => request.Path == "/theirs").Body).RootElement;
        Assert.Equal(ShapeOf(theirs), ShapeOf(ours));

        answer = await channel.SendAsync(
            Receiver() with { Kind = ReceiverKind.Alertmanager, Url = url }, ReceiverSecret.None, Message(alert.Resolved(now)), Cancel);
        Assert.Equal(DeliveryOutcome.Accepted, answer.Outcome);
        Assert.Empty((await client.GetFromJsonAsync<JsonElement>("/api/v2/alerts", Cancel)).EnumerateArray());
    }

    private static async Task<JsonElement> OwnAsync(AlertHttp http, LoopbackReceiver hook, Domain.Alerts.Alert alert)
    {
        var channel = new WebhookChannel(http, new PortalOptions(), TimeProvider.System);
        await channel.SendAsync(Receiver() with { Url = new(hook.Url + "/ours") }, ReceiverSecret.None, Message(alert), Cancel);
        return JsonDocument.Parse(hook.Requests.First(request => request.Path == "/ours").Body).RootElement;
    }

    /// <summary>The names and kinds of all members; the members of labels and annotations are free.</summary>
    private static string ShapeOf(JsonElement payload) => string.Join('\n', payload.EnumerateObject().SelectMany(member => member.Name == "alerts"
        ? member.Value[0].EnumerateObject().Select(inner => $"alerts.{inner.Name}: {inner.Value.ValueKind}")
        : [$"{member.Name}: {member.Value.ValueKind}"]).Order(StringComparer.Ordinal));

    private static async Task<bool> IsReadyAsync(HttpClient client)
    {
        try
        {
            return (await client.GetAsync("/-/ready", Cancel)).IsSuccessStatusCode;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }

    private static int FreePort()
    {
        using var probe = new TcpListener(IPAddress.Loopback, 0);
        probe.Start();
        return ((IPEndPoint)probe.LocalEndpoint).Port;
    }
}
