using System.Text.Json;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using PerfPortal.Domain.Client;
using Xunit;

namespace PerfPortal.Tests.Client;

/// <summary>A client tells the portal what never reached it.</summary>
public sealed class LossReportsTests
{
    [Fact]
    public async Task What_was_dropped_while_the_portal_was_away_is_told_when_it_is_back_although_there_is_nothing_else_to_deliver()
    {
        await using var bench = new ClientBench(options => options with { BufferedOperations = 5 });
        bench.Portal.Script = ScriptedPortal.Away;
        bench.Track("first");
        await bench.UntilAsync(() => bench.Status.LastError is not null, "the portal is found away");
        bench.Track([.. Enumerable.Range(0, 20).Select(i => "n" + i)]);
        await bench.UntilAsync(() => bench.Status.Operations.Dropped == 16, "some are dropped");
        await bench.PassAsync(60, 2);
        Assert.Empty(bench.Portal.Losses);

        // The deliveries succeed, the telling does not.
        bench.Portal.Script = request => request.Path.EndsWith("/losses", StringComparison.Ordinal) ? ScriptedPortal.Problem(503, "busy") : null;
        await bench.UntilAsync(() => bench.Portal.Count == 5, "the rest arrives");
        await bench.UntilAsync(() => bench.Portal.Losses.Count > 0, "it is tried");
        bench.Portal.Script = _ => null;
        int tried = bench.Portal.Losses.Count;
        await bench.UntilAsync(() => bench.Portal.Losses.Count > tried, "it is told");
        var told = bench.Portal.Losses[^1];
        Assert.Equal(("host-a", "portal_unreachable", 16, 0, "Connection refused"), (Text(told, "source"), Text(told, "reason"), Number(told, "operations"), Number(told, "samples"), Text(told, "detail")));
        Assert.Single(bench.Portal.Losses.Select(loss => loss.GetProperty("id").GetGuid()).Distinct());
        Assert.InRange(told.GetProperty("last_seconds_ago").GetDouble(), 55, 400);
        Assert.InRange(told.GetProperty("first_seconds_ago").GetDouble() - told.GetProperty("last_seconds_ago").GetDouble(), 0, 120);

        // Once is enough.
        int count = bench.Portal.Losses.Count;
        await bench.PassAsync(90, 2);
        Assert.Equal(count, bench.Portal.Losses.Count);
    }

    [Fact]
    public async Task A_loss_that_goes_on_is_told_again_with_larger_counts_and_a_later_one_has_another_id()
    {
        var clock = new FakeTimeProvider();
        using var portal = new ScriptedPortal(clock);
        var options = new PortalClientOptions { Address = new("http://portal.example"), Source = "host-a" };
        using var http = new PortalHttp(options, portal, clock);
        var losses = new LossReports(http, new(options.Address, clock, () => 0.5, NullLogger.Instance), options, clock, () => 0.5, NullLogger.Instance);
        var (operations, samples) = (new DeliveryTally(), new DeliveryTally());

        await PassAsync(5, 2);
        await PassAsync(5, 3);
        await PassAsync(5, 0);
        await PassAsync(20, 0);
        await PassAsync(700, 1);
        Assert.Equal([2, 5, 1], portal.Losses.Select(loss => Number(loss, "samples")));
        Assert.Equal([5, 35, 700], portal.Losses.Select(loss => loss.GetProperty("first_seconds_ago").GetDouble()));
        Assert.Equal([0, 25, 0], portal.Losses.Select(loss => loss.GetProperty("last_seconds_ago").GetDouble()));
        Assert.All(portal.Losses, loss => Assert.Equal(("buffer_full", 0), (Text(loss, "reason"), Number(loss, "operations"))));
        var ids = portal.Losses.Select(loss => loss.GetProperty("id").GetGuid()).ToList();
        Assert.Equal((ids[0], 2), (ids[1], ids.Distinct().Count()));
        Assert.False(losses.HasUntold);

        // What cannot be encoded is another matter.
        operations.CountNotEncodable();
        losses.Look(operations, samples, untracked: 3);
        Assert.True(losses.HasUntold);
        await losses.TellAsync(isLast: true, TestContext.Current.CancellationToken);
        Assert.Equal([("buffer_full", 3, 1), ("not_encodable", 1, 0)], portal.Losses.Skip(3).Select(loss => (Text(loss, "reason"), Number(loss, "operations"), Number(loss, "samples"))));

        async Task PassAsync(double seconds, int dropped)
        {
            clock.Advance(TimeSpan.FromSeconds(seconds));
            samples.CountDropped(dropped);
            losses.Look(operations, samples, untracked: 0);
            await losses.TellAsync(isLast: false, TestContext.Current.CancellationToken);
        }
    }

    [Fact]
    public async Task Rejections_are_told_with_their_reason_also_when_the_client_is_closed()
    {
        await using var bench = new ClientBench();
        bench.Portal.Reject = item => item.GetProperty("operation_name").GetString() == "bad" ? "The \ud800 end is wrong." : null;
        bench.Track("good", "bad", "bad");
        await bench.CloseAsync();
        var told = Assert.Single(bench.Portal.Losses);
        Assert.Equal(("rejected", 2, "The \ufffd end is wrong."), (Text(told, "reason"), Number(told, "operations"), Text(told, "detail")));
    }

    [Theory]
    [InlineData(404, true)]
    [InlineData(403, false)]
    [InlineData(400, true)]
    public async Task A_portal_that_cannot_be_told_gets_its_reports_all_the_same(int status, bool isProblem)
    {
        await using var bench = new ClientBench();
        bench.Portal.Reject = item => item.GetProperty("operation_name").GetString() == "bad" ? "no" : null;
        bench.Portal.Script = request => !request.Path.EndsWith("/losses", StringComparison.Ordinal) ? null
            : isProblem ? ScriptedPortal.Problem(status, "no") : ScriptedPortal.Json("{}", status);
        bench.Track("bad");
        await bench.UntilAsync(() => bench.Portal.Losses.Count == 1, "it is tried");
        bench.Track("good");
        await bench.UntilAsync(() => bench.Portal.Count == 1, "the next arrives");
        await bench.PassAsync(60, 2);
        Assert.True(bench.Status.IsConnected);
        Assert.Single(bench.Portal.Losses);
    }

    [Theory]
    [InlineData(503, null)]
    [InlineData(429, "3600")]
    public async Task A_portal_that_is_too_busy_to_be_told_is_connected_and_gets_its_reports(int status, string? retryAfter)
    {
        await using var bench = new ClientBench();
        bench.Portal.Reject = item => item.GetProperty("operation_name").GetString() == "bad" ? "no" : null;
        bench.Portal.Script = request => request.Path.EndsWith("/losses", StringComparison.Ordinal) ? Busy(status, retryAfter) : null;
        bench.Track("bad");
        await bench.UntilAsync(() => bench.Portal.Losses.Count > 0, "it is tried");
        for (int i = 1; i <= 5; i++)
        {
            bench.Track("good" + i);
            await bench.UntilAsync(() => bench.Portal.Count == i, "the next arrives");
            Assert.True(bench.Status.IsConnected);
        }

        await bench.PassAsync(20);
        Assert.Equal((true, null, 0), (bench.Status.IsConnected, bench.Status.LastError, bench.Status.Operations.Queued));
        Assert.Single(bench.Log.All, entry => entry.Message.StartsWith("Connected to the portal", StringComparison.Ordinal));
        Assert.Single(bench.Log.All, entry => entry.Message.StartsWith("The portal cannot be told", StringComparison.Ordinal));
        Assert.DoesNotContain(bench.Log.All, entry => entry.Message.Contains("accept", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(null, new[] { 1.0, 1, 2, 4, 8 })]
    [InlineData("100", new[] { 106.0, 106, 106, 106, 106 })]
    [InlineData("3600", new[] { 316.0, 316, 316, 316, 316 })]
    public async Task A_portal_that_is_too_busy_to_be_told_is_asked_less_and_less(string? retryAfter, double[] expected)
    {
        var clock = new FakeTimeProvider();
        using var portal = new ScriptedPortal(clock) { Script = _ => Busy(503, retryAfter) };
        var options = new PortalClientOptions { Address = new("http://portal.example"), Source = "host-a" };
        using var http = new PortalHttp(options, portal, clock);
        var connection = new PortalConnection(options.Address, clock, () => 0.5, NullLogger.Instance);
        var losses = new LossReports(http, connection, options, clock, () => 0.5, NullLogger.Instance);
        var (operations, samples) = (new DeliveryTally(), new DeliveryTally());
        samples.CountDropped(1);
        losses.Look(operations, samples, untracked: 0);
        while (portal.Requests.Count <= expected.Length)
        {
            await losses.TellAsync(isLast: false, TestContext.Current.CancellationToken);
            clock.Advance(TimeSpan.FromSeconds(1));
        }

        Assert.Equal(expected, portal.Requests.Zip(portal.Requests.Skip(1), (one, next) => (next.At - one.At).TotalSeconds));
        Assert.False(connection.IsFailing);
        portal.Script = _ => null;
        clock.Advance(PortalConnection.MaxRetryAfter * 2);
        await losses.TellAsync(isLast: false, TestContext.Current.CancellationToken);
        Assert.Equal((false, TimeSpan.Zero), (losses.HasUntold, losses.Wait));
    }

    [Theory]
    [InlineData("https://user:pw@login.example:8443/sign/in?token=secret#part", "https://login.example:8443/sign/in")]
    [InlineData("/sign/in?token=secret#part", "/sign/in")]
    [InlineData("//user:pw@login.example/in?token=secret", "another address")]
    public async Task A_redirect_is_told_without_what_may_be_secret(string location, string shown)
    {
        using var portal = new ScriptedPortal(TimeProvider.System)
        {
            Script = _ =>
            {
                var answer = ScriptedPortal.Json("{}", 302);
                Assert.True(answer.Headers.TryAddWithoutValidation("Location", location));
                return answer;
            },
        };
        var options = new PortalClientOptions { Address = new("http://portal.example"), Source = "host-a" };
        using var http = new PortalHttp(options, portal, TimeProvider.System);
        var answer = await http.SendAsync(HttpMethod.Get, "x", null, options.RequestTimeout, TestContext.Current.CancellationToken);
        Assert.Equal($"302 Found: it redirects to {shown}; redirects are not followed", answer.Reason);
    }

    private static HttpResponseMessage Busy(int status, string? retryAfter)
    {
        var answer = ScriptedPortal.Problem(status, "busy");
        if (retryAfter is not null)
        {
            answer.Headers.Add("Retry-After", retryAfter);
        }

        return answer;
    }

    private static string? Text(JsonElement loss, string name) => loss.TryGetProperty(name, out var value) ? value.GetString() : null;

    private static int Number(JsonElement loss, string name) => loss.GetProperty(name).GetInt32();
}
