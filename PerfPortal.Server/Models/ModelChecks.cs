using PerfPortal.Domain.Models.Health;
using PerfPortal.Domain.Tracking;

namespace PerfPortal.Server.Models;

/// <summary>A check that runs.</summary>
/// <param name="Model">The name of the model.</param>
/// <param name="OperationId">The operation of the check.</param>
internal sealed record StartedCheck(string Model, Guid OperationId);

/// <summary>The checks that somebody asked for.</summary>
/// <param name="Running">Those that run now.</param>
/// <param name="Waiting">The models whose checks follow in turn.</param>
internal sealed record StartedChecks(IReadOnlyList<StartedCheck> Running, IReadOnlyList<string> Waiting);

/// <summary>Starts checks that somebody asks for; they go on when the request is over. When all models are checked, at most <see cref="AtOnce"/> of them are read at the same time; the check of a single one begins at once.</summary>
internal sealed class ModelChecks(ModelHealthMonitor monitor, IHostApplicationLifetime lifetime, ILogger<ModelChecks> logger) : IDisposable
{
    /// <summary>The number of models that are read at the same time when all are checked: more would only compete for the disk.</summary>
    public const int AtOnce = 2;

    private readonly SemaphoreSlim _turns = new(AtOnce);

    /// <summary>Starts the check of a model, or of all; a check that already runs is joined.</summary>
    /// <returns>The checks that run now, and the models whose checks follow in turn; <see langword="null"/> when there is no such model.</returns>
    public async Task<StartedChecks?> StartAsync(string? model, bool full, CancellationToken cancellationToken)
    {
        using var trace = CallerTrace.Enter();
        var known = await Task.Run(() => monitor.Scan(cancellationToken), cancellationToken).ConfigureAwait(false);
        if (model is not null)
        {
            return known.Any(health => health.Name == model) && TryBegin(model, full) is { } only ? new([only.Started], []) : null;
        }

        // The checks of all models belong together. The first ones have begun when this returns; the others wait for their turn.
        using var together = (OperationContext.Current ?? OperationContext.NewTrace()).Enter();
        var started = new List<StartedCheck>();
        var waiting = new Queue<string>(known.Select(health => health.Name));
        while (waiting.Count > 0 && _turns.Wait(0, cancellationToken))
        {
            if (TryBegin(waiting.Dequeue(), full) is not { } begun)
            {
                _turns.Release();
                continue;
            }

            started.Add(begun.Started);
            _ = begun.Completion.ContinueWith(_ => _turns.Release(), CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
        }

        IReadOnlyList<string> following = [.. waiting];
        _ = Task.Run(() => FollowAsync(waiting, full), CancellationToken.None);
        return new(started, following);
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
                    await (TryBegin(model, full)?.Completion ?? Task.CompletedTask).ConfigureAwait(false);
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

    /// <summary>Begins a check; <see langword="null"/> when the model vanished meanwhile.</summary>
    private (StartedCheck Started, Task Completion)? TryBegin(string model, bool full)
    {
        try
        {
            var check = monitor.Start(model, full, lifetime.ApplicationStopping);
            return (new(model, check.OperationId), ObserveAsync(model, check.Completion));
        }
        catch (KeyNotFoundException)
        {
            return null;
        }
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
