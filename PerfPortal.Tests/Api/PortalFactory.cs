using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Mvc.Testing;
using Microsoft.AspNetCore.TestHost;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using PerfPortal.Server.Security;
using PerfPortal.Tests.Security;
using PerfPortal.Tests.Settings;
using Xunit;

namespace PerfPortal.Tests.Api;

/// <summary>The real portal on a test server, with a data directory of its own that goes with it.</summary>
public sealed class PortalFactory : IAsyncLifetime
{
    private readonly TemporaryFolder? _folder;
    private readonly Host _host;

    /// <summary>A portal on an empty directory, for the tests of one class.</summary>
    public PortalFactory()
        : this(null, isTeam: false, [])
    {
    }

    private PortalFactory(string? directory, bool isTeam, (string Key, string Value)[] settings, Action<IServiceCollection>? replace = null)
    {
        _folder = directory is null ? new TemporaryFolder() : null;
        Directory = directory ?? _folder!.Path;
        var all = new Dictionary<string, string?>
        {
            ["PerfPortal:DataDirectory"] = Directory,
            ["PerfPortal:ResourceSampleInterval"] = "3600",
            ["PerfPortal:EnableGpuMonitoring"] = "false",

            // Nothing listens there: no test may ask a hub on the Internet.
            ["PerfPortal:Models:HubUrl"] = "http://127.0.0.1:9",
        };
        foreach ((string key, string value) in settings)
        {
            all["PerfPortal:" + key] = value;
        }

        _host = new Host(all, isTeam, replace);
    }

    /// <summary>Where the portal keeps its data.</summary>
    public string Directory { get; }

    /// <summary>Asks the portal.</summary>
    internal PortalClient Client { get; private set; } = null!;

    /// <summary>The test server.</summary>
    internal TestServer Server => _host.Server;

    /// <summary>What the portal is made of.</summary>
    internal IServiceProvider Services => _host.Services;

    /// <summary>Starts a portal with these settings of the section <c>PerfPortal</c>.</summary>
    internal static Task<PortalFactory> StartAsync(params (string Key, string Value)[] settings) => StartOnAsync(null, settings);

    /// <summary>Starts a portal that treats itself as listening on the network, with the keys of <see cref="TeamKeys"/>.</summary>
    internal static async Task<PortalFactory> StartTeamAsync(params (string Key, string Value)[] settings)
    {
        var factory = new PortalFactory(null, isTeam: true, [.. settings, ("Access:AdminKey", TeamKeys.Admin)]);
        await factory.InitializeAsync();
        return factory;
    }

    /// <summary>Starts a portal with other parts.</summary>
    internal static async Task<PortalFactory> StartWithAsync(Action<IServiceCollection> replace)
    {
        var factory = new PortalFactory(null, isTeam: false, [], replace);
        await factory.InitializeAsync();
        return factory;
    }

    /// <summary>Starts a portal on a directory that stays when it ends.</summary>
    internal static async Task<PortalFactory> StartOnAsync(string? directory, params (string Key, string Value)[] settings)
    {
        var factory = new PortalFactory(directory, isTeam: false, settings);
        await factory.InitializeAsync();
        return factory;
    }

    /// <summary>Starts a portal that cannot become ready yet.</summary>
    internal static PortalFactory StartUnready(string directory)
    {
        var factory = new PortalFactory(directory, isTeam: false, []);
        factory.Client = new(factory._host.CreateClient());
        return factory;
    }

    /// <inheritdoc/>
    public async ValueTask InitializeAsync()
    {
        Client = new(_host.CreateClient());
        await Eventually.TrueAsync(async () => (await Client.GetAsync("/readyz")).Code == 200, "the portal is ready");
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        Client?.Dispose();
        await _host.DisposeAsync();
        _folder?.Dispose();
    }

    private sealed class Host(Dictionary<string, string?> settings, bool isTeam, Action<IServiceCollection>? replace) : WebApplicationFactory<PerfPortal.Server.Program>
    {
        protected override void ConfigureWebHost(IWebHostBuilder builder)
        {
            builder.ConfigureLogging(logging => logging.ClearProviders());
            if (isTeam)
            {
                builder.ConfigureTestServices(services => services.AddSingleton<IAccessKeySource>(new TeamKeys()));
            }

            if (replace is not null)
            {
                builder.ConfigureTestServices(replace);
            }
        }

        // What is added here reaches the portal as its arguments, before it reads its options.
        protected override IHost CreateHost(IHostBuilder builder)
        {
            builder.ConfigureHostConfiguration(configuration => configuration.AddInMemoryCollection(settings));
            var host = builder.Build();
            if (isTeam)
            {
                var bound = new ServerAddressesFeature();
                bound.Addresses.Add("http://0.0.0.0:5080");
                host.Services.GetRequiredService<IServer>().Features.Set<IServerAddressesFeature>(bound);
            }

            host.Start();
            return host;
        }
    }
}
