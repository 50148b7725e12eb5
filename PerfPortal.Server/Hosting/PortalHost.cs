namespace PerfPortal.Server.Hosting;

/// <summary>How the server is hosted: where its files lie, which port it takes when nothing is said, how long it may take to stop.</summary>
internal static class PortalHost
{
    /// <summary>The address when no other is configured.</summary>
    public const string DefaultUrl = "http://localhost:5080";

    /// <summary>A published portal finds its files beside itself, wherever it is started from.</summary>
    public static WebApplicationOptions Options(string[] args) => new()
    {
        Args = args,
        ContentRootPath = Directory.Exists(Path.Combine(AppContext.BaseDirectory, "wwwroot")) ? AppContext.BaseDirectory : null,
    };

    /// <summary>Sets the host up.</summary>
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
            host.ShutdownTimeout = TimeSpan.FromSeconds(30);

            // The web server binds while the database is opened. Until both are done the door answers 503. They stop one after the other.
            host.ServicesStartConcurrently = true;
        });
        builder.Logging.AddFilter("Microsoft.EntityFrameworkCore", LogLevel.Warning);
        builder.Logging.AddFilter("Microsoft.AspNetCore", LogLevel.Warning);
        builder.Logging.AddFilter("Microsoft.Hosting.Lifetime", LogLevel.Information);
    }

    /// <summary>Begins to open the database while the rest of the portal is put together.</summary>
    public static void OpenPortalDatabase(this WebApplication app) => _ = app.Services.GetRequiredService<JournalService>().Begin();
}
