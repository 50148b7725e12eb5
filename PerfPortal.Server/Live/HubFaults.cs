using Microsoft.AspNetCore.SignalR;

namespace PerfPortal.Server.Live;

/// <summary>Logs failures in the hub: client errors as one line, errors of the portal with their exception. SignalR itself logs both with a stack trace.</summary>
internal sealed class HubFaults(ILogger<PerformanceHub> logger) : IHubFilter
{
    /// <summary>The category in which SignalR logs failed calls.</summary>
    public const string ReplacedCategory = "Microsoft.AspNetCore.SignalR.Internal.DefaultHubDispatcher";

    /// <inheritdoc/>
    public async ValueTask<object?> InvokeMethodAsync(HubInvocationContext invocationContext, Func<HubInvocationContext, ValueTask<object?>> next)
    {
        try
        {
            return await next(invocationContext).ConfigureAwait(false);
        }
        catch (HubException exception)
        {
            logger.LogInformation("The hub rejected {Method}: {Reason}", invocationContext.HubMethodName, exception.Message);
            throw;
        }
        catch (Exception exception) when (!invocationContext.Context.ConnectionAborted.IsCancellationRequested)
        {
            logger.LogError(exception, "The hub method {Method} failed.", invocationContext.HubMethodName);
            throw;
        }
    }
}
