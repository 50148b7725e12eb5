using System.Globalization;
using PerfPortal.Server.Alerts;
using PerfPortal.Server.Api;
using PerfPortal.Server.Hosting;
using PerfPortal.Server.Live;
using PerfPortal.Server.Models;
using PerfPortal.Server.Pages;
using PerfPortal.Server.Reports;
using PerfPortal.Server.Security;
using PerfPortal.Server.Settings.Configuration;
using PerfPortal.Server.Sources;
using PerfPortal.Server.Storage;
using PerfPortal.Server.Views;

namespace PerfPortal.Server;

/// <summary>The entry point.</summary>
public sealed class Program
{
    /// <summary>Runs the portal, or the health check, the gate or the agent when the first argument is its verb.</summary>
    public static Task<int> Main(string[] args)
    {
        // Output must not depend on the culture of the machine.
        CultureInfo.DefaultThreadCurrentCulture = CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
        return args switch
        {
            [HealthCheckVerb.Name, ..] => HealthCheckVerb.RunAsync(args, Console.Out),
            [AgentVerb.Name, .. var rest] => AgentVerb.RunAsync(rest, Console.Out, Console.Error),
            [GateVerb.Name, .. var rest] => GateVerb.RunAsync(rest, Console.Out, Console.Error),
            _ => StartGuard.RunAsync(() => Build(args), Console.Error),
        };
    }

    private static WebApplication Build(string[] args)
    {
        var builder = WebApplication.CreateBuilder(PortalHost.Options(args));
        builder.UsePortalHost();
        var options = PortalOptionsReader.Read(builder.Configuration, builder.Environment.ContentRootPath);
        builder.Services
            .AddPortalAccess(options)
            .AddPortalStorage(options)
            .AddPortalModels(options, HostSource.Name)
            .AddPortalCore(options)
            .AddPortalViews()
            .AddPortalSources()
            .AddPortalAlerts(options)
            .AddPortalApi()
            .AddPortalReports()
            .AddPortalLive()
            .AddPortalPages();

        var app = builder.Build();
        app.OpenPortalDatabase();
        app.UseSecurityHeaders();
        app.UsePortalErrors();
        app.UsePortalHead();
        app.UsePortalEntrance(options);
        app.UseAuthentication();
        app.UseMissingPages();
        app.UseRouting();
        app.UsePortalAccess();
        app.UsePortalMethods();
        app.UseHeavyReadLimit();

        // Without this explicit call the host adds the middleware first in the pipeline, where it has no effect but costs every request.
        app.UseAuthorization();
        app.MapPortalHealth();
        app.MapPortalSignIn();
        app.MapPortalApi();
        app.MapPortalReports();
        app.MapPortalLive();
        app.MapPortalPages();
        return app;
    }
}
