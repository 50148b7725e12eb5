using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Logging;
using PerfPortal.Domain.Settings;
using PerfPortal.Server.Hosting;
using PerfPortal.Server.Security;
using PerfPortal.Tests.Settings;
using Xunit;

namespace PerfPortal.Tests.Security;

public sealed class AccessPolicyTests
{
    [Theory]
    [InlineData("http://localhost:5080", true)]
    [InlineData("http://127.0.0.1:5080", true)]
    [InlineData("https://127.1.2.3", true)]
    [InlineData("http://[::1]:5080", true)]
    [InlineData("http://unix:/run/portal.sock", true)]
    [InlineData("http://0.0.0.0:5080", false)]
    [InlineData("http://[::]:5080", false)]
    [InlineData("http://*:5080", false)]
    [InlineData("http://+:5080", false)]
    [InlineData("http://portal.example:5080", false)]
    [InlineData("http://localhost.example:5080", false)]
    [InlineData("http://192.0.2.1", false)]
    [InlineData("nonsense", false)]
    public void Only_a_loopback_address_counts_as_one(string address, bool loopback)
    {
        Assert.Equal(loopback, AccessPolicy.IsLoopback(address));
    }

    [Fact]
    public async Task One_address_of_the_network_makes_a_team_portal()
    {
        await using var door = await AccessHost.StartAsync(
            new AccessOptions { AdminKey = AccessHost.AdminKey }, "http://localhost:5080", "http://0.0.0.0:4318");
        Assert.Equal(HttpStatusCode.Unauthorized, (await door.SendAsync(HttpMethod.Get, "/operations")).StatusCode);
    }

    [Fact]
    public async Task A_portal_in_the_network_without_a_key_answers_nobody()
    {
        await using var door = await AccessHost.StartAsync(new AccessOptions(), "http://0.0.0.0:5080");
        Assert.Equal(HttpStatusCode.ServiceUnavailable, (await door.SendAsync(HttpMethod.Get, "/operations")).StatusCode);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, (await door.SendAsync(HttpMethod.Get, "/livez")).StatusCode);
    }

    [Fact]
    public async Task The_start_fails_with_a_readable_message_when_the_network_can_reach_an_unguarded_portal()
    {
        using var folder = new TemporaryFolder();
        using var error = new StringWriter();

        int code = await StartGuard.RunAsync(() => RealServer(folder.Path, "http://0.0.0.0:0"), error);

        Assert.Equal(1, code);
        Assert.Contains("PerfPortal:Access:AdminKey is missing: the portal listens on http://0.0.0.0:", error.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", error.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task On_loopback_the_portal_starts_without_a_key()
    {
        using var folder = new TemporaryFolder();
        using var error = new StringWriter();
        HttpStatusCode? answer = null;

        int code = await StartGuard.RunAsync(
            () =>
            {
                var app = RealServer(folder.Path, "http://127.0.0.1:0");
                app.Lifetime.ApplicationStarted.Register(() => _ = AskAndStopAsync(app));
                return app;
            },
            error);

        Assert.Equal((0, HttpStatusCode.OK, ""), (code, answer, error.ToString()));

        async Task AskAndStopAsync(WebApplication app)
        {
            using var client = new HttpClient();
            using var response = await client.GetAsync(app.Urls.Single() + "/operations", TestContext.Current.CancellationToken);
            answer = response.StatusCode;
            app.Lifetime.StopApplication();
        }
    }

    private static WebApplication RealServer(string folder, string url)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls(url);
        builder.Services.AddPortalAccess(new PortalOptions { DataDirectory = folder });
        var app = builder.Build();
        app.UseRouting();
        app.UsePortalAccess();
        app.MapGet("/operations", () => "page").RequireScope(Scope.Read);
        return app;
    }
}
