using PerfPortal.Domain.Settings;

namespace PerfPortal.Server.Hosting;

/// <summary>Configures the host: content root, default address and shutdown timeout.</summary>
internal static class PortalHost
{
    /// <summary>The default address.</summary>
    public const string DefaultUrl = "http://localhost:5080";

    /// <summary>Creates the host options. A published portal uses its own directory as content root, independent of the working directory.</summary>
    public static WebApplicationOptions Options(string[] args) => new()
    {
        Args = args,
        ContentRootPath = Directory.Exists(Path.Combine(AppContext.BaseDirectory, "wwwroot")) ? AppContext.BaseDirectory : null,
    };

    /// <summary>Configures the host.</summary>
    public static void UsePortalHost(this WebApplicationBuilder builder)
    {
        builder.WebHost.UseStaticWebAssets();
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = Intake.BodyLimits.Batch.Sent + 1024;
        });
        if (string.IsNullOrEmpty(builder.Configuration[WebHostDefaults.ServerUrlsKey]) && !builder.Configuration.GetSection("Kestrel:Endpoints").Exists())
        {
            builder.WebHost.UseUrls(DefaultUrl);
        }

        ListenAddresses.Check(builder.Configuration);

        builder.Services.Configure<HostOptions>(host =>
        {
            // Together with the additional time of the journal and the database, a stop ends within 30 s, after which container hosts commonly kill the process.
            host.ShutdownTimeout = TimeSpan.FromSeconds(20);

            // The web server starts while the database is being opened; requests receive 503 until both are ready. Services stop sequentially.
            host.ServicesStartConcurrently = true;
        });
        builder.Logging.AddFilter("Microsoft.EntityFrameworkCore", LogLevel.Warning);
        builder.Logging.AddFilter("Microsoft.AspNetCore", LogLevel.Warning);

        // A cookie whose key no longer exists is a client error, which gets a response and needs no stack trace.
        builder.Logging.AddFilter("Microsoft.AspNetCore.Antiforgery", LogLevel.Critical);
        builder.Logging.AddFilter("Microsoft.Hosting.Lifetime", LogLevel.Information);

        // A failed start is explained by StartGuard; the host would log its stack trace.
        var start = new StartPhase();
        builder.Services.AddSingleton(start);
        builder.Logging.AddFilter("Microsoft.Extensions.Hosting.Internal.Host", level => level >= LogLevel.Information && (level < LogLevel.Error || start.IsOver));
    }

    /// <summary>Makes the data directory private and starts opening the database, in parallel with the setup of the portal.</summary>
    public static void OpenPortalDatabase(this WebApplication app)
    {
        var start = app.Services.GetRequiredService<StartPhase>();
        app.Lifetime.ApplicationStarted.Register(() => start.IsOver = true);
        DataDirectory.Secure(app.Services.GetRequiredService<PortalOptions>(), app.Logger);
        _ = app.Services.GetRequiredService<JournalService>().Begin();
    }

    private sealed class StartPhase
    {
        public volatile bool IsOver;
    }
}
