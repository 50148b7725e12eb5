using PerfPortal.Domain.Models.Health;
using PerfPortal.Domain.Tracking;

namespace PerfPortal.Server.Models;

/// <summary>A check that runs.</summary>
/// <param name="Model">The name of the model.</param>
/// <param name="OperationId">The operation of the check.</param>
internal sealed record StartedCheck(string Model, Guid OperationId);

/// <summary>Starts checks that somebody asks for; they go on when the request is over. At most <see cref="AtOnce"/> models are read at the same time.</summary>
internal sealed class ModelChecks(ModelHealthMonitor monitor, IHostApplicationLifetime lifetime, ILogger<ModelChecks> logger) : IDisposable
{
    /// <summary>The number of models that are read at the same time: more would only compete for the disk.</summary>
    public const int AtOnce = 2;

    private readonly SemaphoreSlim _turns = new(AtOnce);

    /// <summary>Starts the check of a model, or of all; a check that already runs is joined.</summary>
    /// <returns>The checks that run now; <see langword="null"/> when there is no such model. With several models, further ones follow in turn.</returns>
    public async Task<IReadOnlyList<StartedCheck>?> StartAsync(string? model, bool full, CancellationToken cancellationToken)
    {
        using var trace = CallerTrace.Enter();
        var known = await Task.Run(() => monitor.Scan(cancellationToken), cancellationToken).ConfigureAwait(false);
        if (model is not null)
        {
            return known.Any(health => health.Name == model) ? [Begin(model, full).Started] : null;
        }

        // The checks of all models belong together. The first ones have begun when this returns; the others wait for their turn.
        using var together = (OperationContext.Current ?? OperationContext.NewTrace()).Enter();
        var started = new List<StartedCheck>();
        var waiting = new Queue<string>(known.Select(health => health.Name));
        while (waiting.Count > 0 && _turns.Wait(0, cancellationToken))
        {
            var (check, completion) = Begin(waiting.Dequeue(), full);
            started.Add(check);
            _ = completion.ContinueWith(_ => _turns.Release(), CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
        }

        _ = Task.Run(() => FollowAsync(waiting, full), CancellationToken.None);
        return started;
    }

    /// <inheritdoc/>
    public void Dispose() => _turns.Dispose();

    private async Task FollowAsync(Queue<string> waiting, bool full)
    {
        try
        {
            while (waiting.TryDequeue(out string? model))
            {
                await _turns.WaitAsync(lifetime.ApplicationStopping).ConfigureAwait(false);
                try
                {
                    await Begin(model, full).Completion.ConfigureAwait(false);
                }
                catch (KeyNotFoundException)
                {
                    // It vanished meanwhile.
                }
                finally
                {
                    _turns.Release();
                }
            }
        }
        catch (OperationCanceledException)
        {
            // The portal stops.
        }
    }

    private (StartedCheck Started, Task Completion) Begin(string model, bool full)
    {
        var check = monitor.Start(model, full, lifetime.ApplicationStopping);
        return (new(model, check.OperationId), ObserveAsync(model, check.Completion));
    }

    private async Task ObserveAsync(string model, Task completion)
    {
        try
        {
            await completion.ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            // The portal stops.
        }
        catch (Exception exception)
        {
            logger.LogWarning(exception, "The health check of {Model} failed.", model);
        }
    }
}
