using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using PerfPortal.Server.Alerts;
using PerfPortal.Server.Alerts.Channels;
using PerfPortal.Tests.Hosting;
using Xunit;

namespace PerfPortal.Tests.Alerts.Delivery;

public sealed class HeartbeatTests
{
    [Fact]
    public async Task It_beats_while_the_portal_works_and_a_failure_is_logged_once_without_the_address()
    {
        await using var receiver = await LoopbackReceiver.StartAsync();
        var services = new ServiceCollection();
        services.AddHttpClient(AlertHttp.ClientName).ConfigurePrimaryHttpMessageHandler(() => AlertsSetup.CreateHandler(new(true)));
        await using var provider = services.BuildServiceProvider();
        var logs = new LogRecords();
        using var factory = LoggerFactory.Create(logging => logging.AddProvider(logs));
        string? problem = null;
        var heartbeat = new Heartbeat(
            new(receiver.Url + "/ping/secret-identifier"), _ => new(problem), new(provider.GetRequiredService<IHttpClientFactory>(), TimeProvider.System), TimeProvider.System,
            factory.CreateLogger<Heartbeat>());
        await heartbeat.SendAsync(TestContext.Current.CancellationToken);
        Assert.Equal(("GET", "/ping/secret-identifier"), (receiver.Requests.Single().Method, receiver.Requests.Single().Path));
        Assert.NotNull(heartbeat.Status.LastSent);
        problem = "the disk is full.";
        await heartbeat.SendAsync(TestContext.Current.CancellationToken);
        await heartbeat.SendAsync(TestContext.Current.CancellationToken);
        Assert.Single(receiver.Requests);
        Assert.Equal("No heartbeat is sent while the portal does not work: the disk is full.", heartbeat.Status.Problem);
        Assert.Single(logs.All);
        problem = null;
        receiver.Answer = context =>
        {
            context.Response.StatusCode = 404;
            return context.Response.WriteAsync("no check secret-identifier");
        };
        await heartbeat.SendAsync(TestContext.Current.CancellationToken);
        Assert.Equal("The heartbeat was not accepted: 404 Not Found: no check ***", heartbeat.Status.Problem);
        Assert.DoesNotContain(logs.All, record => record.Message.Contains("secret-identifier", StringComparison.Ordinal));
        receiver.Answer = _ => Task.CompletedTask;
        await heartbeat.SendAsync(TestContext.Current.CancellationToken);
        Assert.Null(heartbeat.Status.Problem);
    }

    [Fact]
    public void It_stops_when_alerts_are_no_longer_evaluated()
    {
        Assert.Null(Heartbeat.ExplainEvaluation(Messages.Start, Messages.Start.AddMinutes(5)));
        Assert.NotNull(Heartbeat.ExplainEvaluation(Messages.Start, Messages.Start.AddMinutes(5.1)));
        Assert.NotNull(Heartbeat.ExplainEvaluation(null, Messages.Start));
    }
}
