using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.TestHost;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;
using PerfPortal.Domain.Settings;
using PerfPortal.Server.Security;
using PerfPortal.Tests.Settings;

namespace PerfPortal.Tests.Security;

/// <summary>A server with nothing but the door and a few endpoints behind it.</summary>
internal sealed class AccessHost : IAsyncDisposable
{
    public const string AdminKey = "correct-horse-battery-staple";
    public const string ReadKey = "only-for-looking-at-things";

    private readonly WebApplication _app;
    private readonly TemporaryFolder _folder;

    private AccessHost(WebApplication app, TemporaryFolder folder, FakeTimeProvider time, ReaderKey reader)
    {
        (_app, _folder, Time, Reader) = (app, folder, time, reader);
        Client = new HttpClient(new CookieJar(app.GetTestServer().CreateHandler())) { BaseAddress = new Uri("http://localhost") };
    }

    public HttpClient Client { get; }

    public FakeTimeProvider Time { get; }

    public ReaderKey Reader { get; }

    public TestServer Server => _app.GetTestServer();

    /// <summary>The address that requests come from; none, as in the test server, counts as this machine.</summary>
    public IPAddress? Remote { get; set; }

    /// <summary>A client with cookies of its own, as another browser has.</summary>
    public HttpClient NewBrowser() => new(new CookieJar(_app.GetTestServer().CreateHandler())) { BaseAddress = Client.BaseAddress };

    public static Task<AccessHost> LocalAsync(params string[] allowedHosts) =>
        StartAsync(new AccessOptions { AllowedHosts = allowedHosts }, "http://127.0.0.1:5080");

    public static Task<AccessHost> TeamAsync() => StartAsync(new AccessOptions { AdminKey = AdminKey }, "http://[::]:5080");

    public static Task<AccessHost> StartAsync(AccessOptions access, params string[] addresses) => StartAsync(access, null, addresses);

    /// <summary>Starts a portal on a directory that stays when it ends, as a restart needs it.</summary>
    public static Task<AccessHost> TeamOnAsync(string directory, FakeTimeProvider time) =>
        StartAsync(new AccessOptions { AdminKey = AdminKey }, new() { DataDirectory = directory }, time, "http://[::]:5080");

    public static Task<AccessHost> StartAsync(AccessOptions access, PortalOptions? options, params string[] addresses) =>
        StartAsync(access, options, new FakeTimeProvider(new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero)), addresses);

    private static async Task<AccessHost> StartAsync(AccessOptions access, PortalOptions? options, FakeTimeProvider time, params string[] addresses)
    {
        var folder = new TemporaryFolder();
        var reader = new ReaderKey();
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseTestServer();
        builder.Services.AddSingleton<TimeProvider>(time);
        builder.Services.AddSingleton<IAccessKeySource>(reader);
        options = (options ?? new()) with { Access = access };
        options = Path.IsPathRooted(options.DataDirectory) ? options : options with { DataDirectory = folder.Path };
        builder.Services.AddPortalAccess(options);

        var app = builder.Build();
        AccessHost? door = null;
        app.Use((context, next) =>
        {
            context.Connection.RemoteIpAddress = door!.Remote;
            return next(context);
        });
        app.UseSecurityHeaders();
        app.UsePortalEntrance(options);
        app.UseAuthentication();
        app.UseRouting();
        app.UsePortalAccess();
        app.MapGet("/api/v1/performance/dashboard", (HttpContext context) => context.User.Identity!.Name).RequireScope(Scope.Read);
        app.MapPost("/api/v1/performance/operations", () => "reported").RequireScope(Scope.Report);
        app.MapPut("/api/v1/performance/settings/thresholds", () => "set").RequireScope(Scope.Read).RequireScope(Scope.Admin);
        app.MapGet("/api/v1/performance/forgotten", () => "forgotten");
        app.MapGet("/operations", () => "page").RequireScope(Scope.Read);
        app.MapGet("/stream", StreamAsync).RequireScope(Scope.Read);
        app.MapGet("/livez", () => "alive").AllowAnonymousAccess();
        app.MapGet("/hubs/performance", () => "socket").RequireScope(Scope.Read);
        app.MapGet("/scalar", () => "reference").RequireScope(Scope.Read).WithContentSecurityPolicy("default-src 'none'");
        app.MapPortalSignIn();

        var bound = new ServerAddressesFeature();
        foreach (string address in addresses)
        {
            bound.Addresses.Add(address);
        }

        app.Services.GetRequiredService<IServer>().Features.Set<IServerAddressesFeature>(bound);
        await app.StartAsync(TestContextToken);
        door = new AccessHost(app, folder, time, reader);
        return door;
    }

    public async Task<HttpResponseMessage> SendAsync(HttpMethod method, string path, params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(method, path);
        foreach ((string name, string value) in headers)
        {
            request.Headers.TryAddWithoutValidation(name, value);
        }

        return await Client.SendAsync(request, TestContextToken);
    }

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await _app.DisposeAsync();
        _folder.Dispose();
    }

    /// <summary>Answers until the connection ends, as the event stream does.</summary>
    private static async Task StreamAsync(HttpContext context)
    {
        await context.Response.WriteAsync("open\n", context.RequestAborted);
        await context.Response.Body.FlushAsync(context.RequestAborted);
        await Task.Delay(Timeout.Infinite, context.RequestAborted);
    }

    private static CancellationToken TestContextToken => Xunit.TestContext.Current.CancellationToken;

    /// <summary>A key that may only read, and that can be withdrawn.</summary>
    internal sealed class ReaderKey : IAccessKeySource
    {
        public bool Withdrawn { get; set; }

        public ValueTask<AccessGrant?> FindAsync(string key, CancellationToken cancellationToken) =>
            new(!Withdrawn && key == ReadKey ? new AccessGrant("reader", [Scope.Read], "reader-1") : null);

        public ValueTask<bool> IsCurrentAsync(string stamp, CancellationToken cancellationToken) => new(!Withdrawn && stamp == "reader-1");
    }

    /// <summary>Keeps cookies and follows no redirect.</summary>
    private sealed class CookieJar(HttpMessageHandler inner) : DelegatingHandler(inner)
    {
        private readonly CookieContainer _cookies = new();

        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            // A browser sends secure cookies to the proxy, which speaks TLS.
            string cookies = _cookies.GetCookieHeader(new UriBuilder(request.RequestUri!) { Scheme = "https", Port = 443 }.Uri);
            if (cookies.Length > 0)
            {
                request.Headers.TryAddWithoutValidation("Cookie", cookies);
            }

            var response = await base.SendAsync(request, cancellationToken);
            if (response.Headers.TryGetValues("Set-Cookie", out var set))
            {
                foreach (string cookie in set)
                {
                    _cookies.SetCookies(request.RequestUri!, cookie);
                }
            }

            return response;
        }
    }
}
