using Microsoft.Extensions.Logging;
using PerfPortal.Domain.Advice;
using PerfPortal.Domain.Models.Health.Checking;
using PerfPortal.Domain.Models.Health.Discovery;
using PerfPortal.Domain.Models.Health.Reading;
using PerfPortal.Domain.Models.Health.Records;
using PerfPortal.Domain.Models.Health.Results;
using PerfPortal.Domain.Models.Health.Scheduling;
using PerfPortal.Domain.Operations;
using PerfPortal.Domain.Tracking;

namespace PerfPortal.Domain.Models.Health;

/// <content>One check.</content>
public sealed partial class ModelHealthMonitor
{
    private const int MaxReportedReasons = 3;

    /// <summary>
    /// Checks a model now, without a limit to the rate but <see cref="ModelHealthOptions.MaxReadRate"/>. A check of it that already runs is joined, unless a full one is asked for and that one is not. Searches the directories first, so files
    /// that appeared or vanished are seen.
    /// </summary>
    /// <param name="model">The name.</param>
    /// <param name="full">Whether to read every byte; the first check of a model always does.</param>
    /// <param name="cancellationToken">Ends the check, or the wait for one that somebody else began.</param>
    /// <exception cref="KeyNotFoundException">There is no such model.</exception>
    /// <exception cref="IOException">The result cannot be stored.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public async Task<ModelHealth> CheckAsync(string model, bool full = false, CancellationToken cancellationToken = default)
    {
        Scan(cancellationToken);
        while (true)
        {
            Task<ModelHealth> running;
            bool joins;
            lock (_gate)
            {
                var watched = _models.GetValueOrDefault(model) ?? throw new KeyNotFoundException($"There is no model '{model}' in the directories that are watched.");
                joins = watched.Running is null || watched.RunsFull || !full;
                running = watched.Running ?? Begin(watched, full, isScheduled: false, cancellationToken);
                watched.IsAwaited = true;
            }

            try
            {
                var health = await running.WaitAsync(cancellationToken).ConfigureAwait(false);
                if (joins)
                {
                    return health;
                }
            }
            catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
            {
                // Whoever began it cancelled it.
            }
            catch (Exception) when (!joins)
            {
                // The check of somebody else failed; the full one may not.
            }
        }
    }

    /// <summary>Starts the check of a model without waiting for its end, like <see cref="CheckAsync"/>; a check of it that already runs is returned, also if it reads less.</summary>
    /// <param name="model">The name.</param>
    /// <param name="full">Whether to read every byte; the first check of a model always does.</param>
    /// <param name="cancellationToken">Ends the check.</param>
    /// <exception cref="KeyNotFoundException">There is no such model among those that the last <see cref="Scan"/> found.</exception>
    public StartedModelCheck Start(string model, bool full = false, CancellationToken cancellationToken = default)
    {
        lock (_gate)
        {
            var watched = _models.GetValueOrDefault(model) ?? throw new KeyNotFoundException($"There is no model '{model}' in the directories that are watched.");
            var running = watched.Running ?? Begin(watched, full, isScheduled: false, cancellationToken);
            watched.IsAwaited = true;
            return new(watched.OperationId ?? Guid.Empty, running);
        }
    }

    // Under the lock.
    private Task<ModelHealth> Begin(WatchedModel watched, bool full, bool isScheduled, CancellationToken cancellationToken)
    {
        (watched.RunsFull, watched.IsAwaited) = (full || watched.Record is null, false);
        var scope = _tracker?.Start(MetricType.HealthCheck, watched.Location.Name, _options.Source) ?? default;
        watched.OperationId = scope.Id;
        var task = Task.Run(() => RunAsync(watched, full, isScheduled, scope, cancellationToken), CancellationToken.None);
        watched.Running = task;
        return task;
    }

    private async Task<ModelHealth> RunAsync(WatchedModel watched, bool full, bool isScheduled, OperationScope scope, CancellationToken cancellationToken)
    {
        ModelLocation location;
        lock (_gate)
        {
            location = watched.Location;
        }

        using (scope)
        {
            try
            {
                var plan = await PlanAsync(location.Name, cancellationToken).ConfigureAwait(false);
                var outcome = await ReadAsync(watched, location, plan, full, isScheduled, scope, cancellationToken).ConfigureAwait(false);
                Store(watched, plan, outcome);
                Report(scope, plan, isScheduled, outcome);
                return watched.Health;
            }
            catch (OperationCanceledException)
            {
                scope.Cancel();
                End(watched, _ => { });
                throw;
            }
            catch (Exception exception)
            {
                scope.Fail(exception);
                End(watched, failed => failed.DueAt = _time.GetUtcNow() + CheckTimes.BackOff(++failed.Failures, failed.Plan?.Interval ?? _options.CheckInterval));
                throw;
            }
        }
    }

    private Task<CheckOutcome> ReadAsync(
        WatchedModel watched, ModelLocation location, HealthPlan plan, bool full, bool isScheduled, OperationScope scope, CancellationToken cancellationToken)
    {
        var before = watched.Record;
        var blocks = before is null ? null : _store.LoadBlocks(before);
        // The schedule's full checks make sure that hashes are compared too; a model without trusted blocks has nothing to sample.
        bool isFull = full || blocks is null || (isScheduled && before!.SinceFull + 1 >= plan.FullEvery);
        lock (_gate)
        {
            watched.RunsFull = isFull;
        }

        var pace = new ReadPace(() => isScheduled && !watched.IsAwaited ? QuietRate(plan) : null, _time, _pace);
        return _checker.RunAsync(
            new(location, before, blocks, isFull, _options.Rotation, pace, (done, total) => scope.Report(done, total, "B"))
            {
                OnCheckpoint = (record, known) => Keep(watched, record, known),
                CheckpointBytes = _options.CheckpointBytes,
            },
            cancellationToken);
    }

    // The advised rate counts the load at the beginning already; the load of the moment is taken off the rate of a quiet host, not off the advised one again.
    private double QuietRate(HealthPlan plan) => Math.Min(plan.ReadRate, LoadLimit.RateAt(_options.ReadRate, _resources?.Invoke(), _time.GetUtcNow()));

    /// <summary>Stores what a check knows so far. That it cannot be stored costs no more than reading it again.</summary>
    private void Keep(WatchedModel watched, ModelRecord record, UInt128[] blocks)
    {
        try
        {
            lock (_gate)
            {
                record = record with { Use = watched.Use, Marks = watched.Location.Marks, BlockFile = watched.Record?.BlockFile ?? 0 };
            }

            var saved = _store.Save(record, blocks);
            lock (_gate)
            {
                watched.Record = saved;
                _records[saved.Health.Name] = saved;
            }
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            _logger.LogWarning(exception, "What the check of {Model} knows so far cannot be stored.", record.Health.Name);
        }
    }

    private void Store(WatchedModel watched, HealthPlan plan, CheckOutcome outcome)
    {
        var now = _time.GetUtcNow();
        lock (_gate)
        {
            var next = CheckTimes.Next(outcome.Record.Health, watched.Use, plan, now);
            outcome = outcome with { Record = outcome.Record with { Use = watched.Use, Marks = watched.Location.Marks, BlockFile = watched.Record?.BlockFile ?? 0, Health = outcome.Record.Health with { NextCheckAt = next } } };
        }

        var saved = _store.Save(outcome.Record, outcome.Blocks);
        End(watched, done =>
        {
            (done.Record, done.DueAt, done.Plan, done.Failures) = (saved, saved.Health.NextCheckAt!.Value, plan, 0);
            _records[saved.Health.Name] = saved;
        });
    }

    private static void Report(OperationScope scope, HealthPlan plan, bool isScheduled, CheckOutcome outcome)
    {
        var health = outcome.Record.Health;
        if (outcome.FoundCorruption is { } isCorrupt)
        {
            scope.Set(HealthCheckFacts.CorruptionDetected, isCorrupt);
        }

        scope.Set(HealthCheckFacts.FilesChecked, (long)outcome.FilesChecked);
        scope.Set(HealthCheckFacts.FilesMissing, (long)health.FilesMissing);
        scope.Set(HealthCheckFacts.BytesChecked, health.BytesChecked);
        scope.Set(AdviceFacts.Check, health.LastCheck == HealthCheckKind.Full ? "full" : "sampled");
        scope.Set(AdviceFacts.Trigger, isScheduled ? AdviceFacts.Schedule : AdviceFacts.Request);
        scope.Set(AdviceFacts.Arm, plan.Arm);
        if (health.IntegrityScore is { } score)
        {
            scope.Set(HealthCheckFacts.IntegrityScore, score.Value);
        }

        if (ReasonsOf(health) is { Length: > 0 } reasons)
        {
            scope.Set(HealthCheckFacts.Reasons, reasons);
        }

        scope.Complete();
    }

    // One of each file, one that says where if there is: that the hash of a whole file is another one says less.
    private static string ReasonsOf(ModelHealth health) => string.Join(' ', health.Reasons.Where(reason => reason.Severity == HealthSeverity.Error).GroupBy(reason => reason.File, StringComparer.Ordinal)
        .Take(MaxReportedReasons).Select(file => file.FirstOrDefault(reason => reason.Offset is not null) ?? file.First())
        .Select(reason => reason.File.Length == 0 ? reason.Sentence : $"{reason.File}: {reason.Sentence}"));

    private void End(WatchedModel watched, Action<WatchedModel> change)
    {
        lock (_gate)
        {
            change(watched);
            (watched.Running, watched.OperationId) = (null, null);
        }
    }

    private async Task<HealthPlan> PlanAsync(string model, CancellationToken cancellationToken)
    {
        if (_trial is null)
        {
            return HealthPlan.Of(new([]), _options);
        }

        try
        {
            return HealthPlan.Of(await _trial.ChooseAsync(new(AdviceTopic.HealthCheck, _options.Source, model), cancellationToken).ConfigureAwait(false), _options);
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            _logger.LogWarning(exception, "There is no advice for the health check of {Model}; the defaults are used.", model);
            return HealthPlan.Of(new([]), _options);
        }
    }
}
