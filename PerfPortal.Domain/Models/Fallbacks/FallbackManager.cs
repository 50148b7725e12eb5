using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using PerfPortal.Domain.Advice;
using PerfPortal.Domain.Models.Fallbacks.Candidates;
using PerfPortal.Domain.Models.Fallbacks.Planning;
using PerfPortal.Domain.Models.Fallbacks.Scoring;
using PerfPortal.Domain.Operations;
using PerfPortal.Domain.Resources;
using PerfPortal.Domain.Tracking;

namespace PerfPortal.Domain.Models.Fallbacks;

/// <summary>
/// Finds what can take the place of a model that does not answer, and tries it. Every decision is an operation of the type fallback strategy. Works
/// without a portal: without a tracker nothing is reported, and without an adviser the default order is used. Thread-safe.
/// </summary>
public sealed class FallbackManager
{
    private readonly FallbackOptions _options;
    private readonly PerformanceTracker? _tracker;
    private readonly TimeProvider _time;
    private readonly GroupBook _groups;
    private readonly ScoreCache _scores;
    private readonly FallbackPlanner _planner;

    /// <summary>Creates a manager.</summary>
    /// <param name="options">The options; <see langword="null"/> for the defaults.</param>
    /// <param name="tracker">Reports the decisions; <see langword="null"/> to report nothing.</param>
    /// <param name="adviser">Knows which order worked best; <see langword="null"/> for the default order.</param>
    /// <param name="resources">Returns the latest sample of this host, for the free memory; <see langword="null"/> to assume that every candidate fits.</param>
    /// <param name="time">The clock; <see langword="null"/> for that of the system.</param>
    /// <param name="logger">Where trouble with advice is logged.</param>
    /// <exception cref="ArgumentException">An option is outside its limits.</exception>
    public FallbackManager(
        FallbackOptions? options = null, PerformanceTracker? tracker = null, IAdviser? adviser = null, Func<ResourceSample?>? resources = null, TimeProvider? time = null,
        ILogger? logger = null)
    {
        _options = options ?? new();
        _options.Check();
        _tracker = tracker;
        _time = time ?? TimeProvider.System;
        _groups = new(_options.Breaker, _time, _options.MaxGroups);
        _scores = new(new(_options.Weights), _time, _options.MaxCachedScores);
        _planner = new(
            _options, new(adviser, _options.Source, _time, _options.AdvicePatience, _options.MaxGroups, logger ?? NullLogger.Instance),
            new(adviser ?? new SafeDefaults(_time), _options.Random), _scores, resources, _time);
    }

    /// <summary>The number of decisions whose scores were in the cache.</summary>
    public long CacheHits => _scores.Hits;

    /// <summary>The number of decisions whose scores had to be calculated.</summary>
    public long CacheMisses => _scores.Misses;

    /// <summary>The share of decisions whose scores were in the cache, 0–1; <see langword="null"/> before the first.</summary>
    public double? CacheHitRate => CacheHits + CacheMisses is > 0 and var all ? (double)CacheHits / all : null;

    /// <summary>The groups that it follows, by name.</summary>
    public IReadOnlyList<FallbackGroupState> Groups => [.. _groups.List().Select(record => record.State())];

    /// <summary>The number of score lists in the cache.</summary>
    internal int CachedScoreLists => _scores.Count;

    /// <summary>Follows a group before its first use; a group of the same name is replaced. Using a group does the same.</summary>
    public void Follow(FallbackGroup group)
    {
        ArgumentNullException.ThrowIfNull(group);
        _groups.Open(group);
    }

    /// <summary>Forgets a group.</summary>
    /// <returns>Whether it was followed.</returns>
    public bool Forget(string group) => _groups.Remove(group);

    /// <summary>Tries candidates in order until one succeeds.</summary>
    /// <param name="group">The wanted model and its candidates.</param>
    /// <param name="request">What is needed.</param>
    /// <param name="attempt">
    /// Makes an attempt with a candidate. Its token is cancelled when the attempt has taken too long; an attempt that does not end then goes on by itself, and its result
    /// is ignored.
    /// </param>
    /// <param name="cancellationToken">Cancels the fallback.</param>
    /// <exception cref="FallbackException">No candidate succeeded, or none could be tried.</exception>
    /// <exception cref="OperationCanceledException">The caller cancelled.</exception>
    /// <exception cref="Exception">An exception of <paramref name="attempt"/> that <see cref="FallbackOptions.IsFailure"/> does not count as the candidate's.</exception>
    public async Task<FallbackResult<T>> ExecuteAsync<T>(
        FallbackGroup group, FallbackRequest request, Func<ModelCandidate, CancellationToken, Task<T>> attempt, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(attempt);
        T? result = default;
        var decision = await DecideAsync(
            group, request,
            async (plan, run) =>
            {
                var done = await run.TryAllAsync(plan, attempt, cancellationToken).ConfigureAwait(false);
                result = done is { } found ? found.Value : default;
                return done?.Chosen;
            },
            cancellationToken).ConfigureAwait(false);
        return new(result!, decision);
    }

    /// <summary>Returns what would be tried first, without trying it. The caller should tell how it went with <see cref="ReportOutcome"/>.</summary>
    /// <exception cref="FallbackException">There is no candidate to try.</exception>
    /// <exception cref="OperationCanceledException">The caller cancelled.</exception>
    public Task<FallbackDecision> ChooseAsync(FallbackGroup group, FallbackRequest request, CancellationToken cancellationToken) =>
        DecideAsync(group, request, (plan, _) => Task.FromResult(plan.Order.FirstOrDefault()), cancellationToken);

    /// <summary>Tells how an attempt ended that the caller made itself, for the circuit breaker and the state of the candidate. Unknown names are ignored.</summary>
    /// <param name="group">The name of the group.</param>
    /// <param name="candidate">The name of the candidate.</param>
    /// <param name="duration">How long it took.</param>
    /// <param name="error">Why it failed; <see langword="null"/> when it succeeded.</param>
    public void ReportOutcome(string group, string candidate, TimeSpan duration, string? error)
    {
        if (_groups.Find(group) is { } record && Array.Find(record.Group.Models, model => model.Name == candidate) is { } model)
        {
            record.BreakerOf(candidate).Report(error is null);
            var outcome = error is null ? FallbackOutcome.Succeeded : FallbackOutcome.Failed;
            record.Add(new(candidate, FallbackStrategies.Of(record.Group.Wanted, model), duration, outcome, error), _time.GetUtcNow());
        }
    }

    private async Task<FallbackDecision> DecideAsync(
        FallbackGroup group, FallbackRequest request, Func<FallbackPlan, FallbackRun, Task<Alternative?>> choose, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(group);
        ArgumentNullException.ThrowIfNull(request);
        using var scope = _tracker?.Start(MetricType.FallbackStrategy, group.Name, _options.Source) ?? default;
        var record = _groups.Open(group);
        var run = new FallbackRun(_options, _planner, record, scope, _time);
        FallbackPlan? plan = null;
        FallbackDecision? decision = null;
        record.Begin();
        try
        {
            plan = await _planner.PlanAsync(record, request, cancellationToken).ConfigureAwait(false);
            var chosen = await choose(plan, run).ConfigureAwait(false);
            decision = run.Decide(plan, chosen);
            FallbackReport.Write(scope, decision);
            if (chosen is null)
            {
                string message = FallbackWords.WhyNothing(decision);
                scope.Fail(decision.Attempts.Count == 0 ? FallbackException.NoCandidate : FallbackException.AllFailed, message);
                throw new FallbackException(message, decision, run.Errors);
            }

            scope.Complete();
            return decision;
        }
        catch (Exception exception) when (decision is null)
        {
            if (plan is not null)
            {
                decision = run.Decide(plan, null);
                FallbackReport.Write(scope, decision);
            }

            if (exception is OperationCanceledException && cancellationToken.IsCancellationRequested)
            {
                scope.Cancel();
                decision = null;
            }
            else
            {
                scope.Fail(exception);
            }

            throw;
        }
        finally
        {
            record.End(decision);
        }
    }
}
