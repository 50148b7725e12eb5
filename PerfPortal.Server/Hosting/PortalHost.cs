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
            kestrel.Limits.MaxRequestBodySize = Intake.BodyReader.MaxSentBytes + 1024;
        });
        if (string.IsNullOrEmpty(builder.Configuration[WebHostDefaults.ServerUrlsKey]) && !builder.Configuration.GetSection("Kestrel:Endpoints").Exists())
        {
            builder.WebHost.UseUrls(DefaultUrl);
        }

        builder.Services.Configure<HostOptions>(host =>
        {
            // Together with what the journal and the database take beyond it, a stop ends within 30 s, when container hosts commonly kill.
            host.ShutdownTimeout = TimeSpan.FromSeconds(20);

            // The web server starts while the database is being opened; requests receive 503 until both are ready. Services stop sequentially.
            host.ServicesStartConcurrently = true;
        });
        builder.Logging.AddFilter("Microsoft.EntityFrameworkCore", LogLevel.Warning);
        builder.Logging.AddFilter("Microsoft.AspNetCore", LogLevel.Warning);
        builder.Logging.AddFilter("Microsoft.Hosting.Lifetime", LogLevel.Information);
    }

    /// <summary>Starts opening the database in parallel to the setup of the portal.</summary>
    public static void OpenPortalDatabase(this WebApplication app) => _ = app.Services.GetRequiredService<JournalService>().Begin();
}
