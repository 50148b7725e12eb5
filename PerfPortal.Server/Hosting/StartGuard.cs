using PerfPortal.Server.Security;
using PerfPortal.Server.Settings.Configuration;

namespace PerfPortal.Server.Hosting;

/// <summary>Runs the portal and reports a failed start as a sentence instead of a stack trace.</summary>
public static class StartGuard
{
    /// <summary>Builds and starts the portal and runs it until shutdown.</summary>
    /// <param name="build">Reads the configuration and builds the server.</param>
    /// <param name="error">The writer for the sentence, usually standard error.</param>
    /// <returns>The exit code: 0, or 1 when the configuration is invalid, the portal cannot listen on an address, or the database is in use by another portal.</returns>
    public static async Task<int> RunAsync(Func<WebApplication> build, TextWriter error)
    {
        ArgumentNullException.ThrowIfNull(build);
        ArgumentNullException.ThrowIfNull(error);
        try
        {
            await using var app = Build(build);
            if (await TryStartAsync(app))
            {
                await app.WaitForShutdownAsync();
            }

            if (app.Services.GetService<FatalStop>()?.Reason is { } reason)
            {
                await error.WriteLineAsync(reason);
                return 1;
            }

            return 0;
        }
        catch (Exception exception) when (exception is PortalConfigurationException or PortalStartException)
        {
            await error.WriteLineAsync(exception.Message);
            return 1;
        }
    }

    private static WebApplication Build(Func<WebApplication> build)
    {
        try
        {
            return build();
        }
        catch (InvalidDataException exception)
        {
            // A configuration file that is not valid JSON.
            throw new PortalStartException($"the configuration cannot be read. {exception.Message} {exception.GetBaseException().Message}", exception);
        }
    }

    /// <summary>Starts the portal; returns <see langword="false"/> when it was asked to stop before it had started.</summary>
    private static async Task<bool> TryStartAsync(WebApplication app)
    {
        try
        {
            await app.StartAsync();

            // The access mode depends on the bound addresses. Until it is known, every request is rejected.
            app.Services.GetService<AccessPolicy>()?.EnsureAdminKey();
            return true;
        }
        catch (Exception exception)
        {
            // The services that did start must stop in order: the database is open, and everything must be stored for the next start.
            bool isToldToStop = exception is OperationCanceledException && app.Lifetime.ApplicationStopping.IsCancellationRequested;
            try
            {
                await app.StopAsync();
            }
            catch (ArgumentNullException)
            {
                // The services could not even be created, so the host has none to stop; the reason is the exception above.
            }

            if (isToldToStop)
            {
                return false;
            }

            if (ListenFailure.Explain(exception, ListenAddresses.Of(app.Configuration)) is { } reason)
            {
                throw new PortalStartException(reason, exception);
            }

            throw;
        }
    }
}
