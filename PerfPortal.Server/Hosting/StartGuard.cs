using PerfPortal.Server.Security;
using PerfPortal.Server.Settings.Configuration;

namespace PerfPortal.Server.Hosting;

/// <summary>Runs the portal and turns a mistake in its configuration into a text for a person instead of a stack trace.</summary>
public static class StartGuard
{
    /// <summary>Builds, starts and runs the portal until it is told to stop.</summary>
    /// <param name="build">Reads the configuration and builds the server.</param>
    /// <param name="error">Where a mistake is written; usually the standard error.</param>
    /// <returns>The exit code: 0, or 1 when the configuration is wrong.</returns>
    public static async Task<int> RunAsync(Func<WebApplication> build, TextWriter error)
    {
        ArgumentNullException.ThrowIfNull(build);
        ArgumentNullException.ThrowIfNull(error);
        try
        {
            await using var app = build();
            await app.StartAsync();
            try
            {
                // Only the bound addresses tell who can reach the portal. Until then the door answers nobody.
                app.Services.GetService<AccessPolicy>()?.EnsureGuarded();
            }
            catch (PortalConfigurationException)
            {
                await app.StopAsync();
                throw;
            }

            await app.WaitForShutdownAsync();
            return 0;
        }
        catch (PortalConfigurationException exception)
        {
            await error.WriteLineAsync(exception.Message);
            return 1;
        }
    }
}
