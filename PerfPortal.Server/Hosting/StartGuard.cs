using PerfPortal.Server.Security;
using PerfPortal.Server.Settings.Configuration;

namespace PerfPortal.Server.Hosting;

/// <summary>Runs the portal and reports configuration errors as readable text instead of a stack trace.</summary>
public static class StartGuard
{
    /// <summary>Builds and starts the portal and runs it until shutdown.</summary>
    /// <param name="build">Reads the configuration and builds the server.</param>
    /// <param name="error">The writer for configuration errors, usually standard error.</param>
    /// <returns>The exit code: 0, or 1 when the configuration is invalid or the database is in use by another portal.</returns>
    public static async Task<int> RunAsync(Func<WebApplication> build, TextWriter error)
    {
        ArgumentNullException.ThrowIfNull(build);
        ArgumentNullException.ThrowIfNull(error);
        try
        {
            await using var app = build();
            var fatal = app.Services.GetService<FatalStop>();
            try
            {
                await app.StartAsync();
            }
            catch (OperationCanceledException) when (fatal?.Reason is not null)
            {
                // Stopped before it was started.
            }

            try
            {
                // The access mode depends on the bound addresses. Until it is known, every request is rejected.
                app.Services.GetService<AccessPolicy>()?.EnsureAdminKey();
            }
            catch (PortalConfigurationException)
            {
                await app.StopAsync();
                throw;
            }

            await app.WaitForShutdownAsync();
            if (fatal?.Reason is { } reason)
            {
                await error.WriteLineAsync(reason);
                return 1;
            }

            return 0;
        }
        catch (PortalConfigurationException exception)
        {
            await error.WriteLineAsync(exception.Message);
            return 1;
        }
    }
}
