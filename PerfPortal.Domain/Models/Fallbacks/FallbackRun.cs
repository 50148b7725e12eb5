using PerfPortal.Domain.Models.Fallbacks.Breaking;
using PerfPortal.Domain.Models.Fallbacks.Planning;
using PerfPortal.Domain.Text;
using PerfPortal.Domain.Tracking;

namespace PerfPortal.Domain.Models.Fallbacks;

/// <summary>One execution of a plan: tries candidates in order until one succeeds.</summary>
internal sealed class FallbackRun(FallbackOptions options, FallbackPlanner planner, GroupRecord record, OperationScope scope, TimeProvider time)
{
    private readonly List<FallbackAttempt> _attempts = [];
    private readonly List<Exception> _errors = [];
    private readonly Dictionary<string, string> _skipped = [];
    private FallbackPlan? _plan;

    /// <summary>The exceptions of the attempts that failed.</summary>
    public IReadOnlyList<Exception> Errors => _errors;

    /// <summary>Runs a plan.</summary>
    /// <returns>What was chosen, with its result; <see langword="null"/> when nothing succeeded.</returns>
    /// <exception cref="OperationCanceledException">The caller cancelled.</exception>
    public async Task<(Alternative Chosen, T Value)?> TryAllAsync<T>(
        FallbackPlan plan, Func<Candidates.ModelCandidate, CancellationToken, Task<T>> attempt, CancellationToken cancellationToken)
    {
        _plan = plan;
        int count = plan.Order.Count();
        foreach (var alternative in plan.Order)
        {
            cancellationToken.ThrowIfCancellationRequested();
            scope.Report(_attempts.Count, count, "attempts");
            if (_attempts.Count > 0 && planner.FitNow(alternative.Candidate) is { Fits: false } fit)
            {
                _skipped[alternative.Candidate.Name] = fit.Reason;
                continue;
            }

            var breaker = record.BreakerOf(alternative.Candidate.Name);
            if (breaker.TryEnter() is not { } permit)
            {
                _skipped[alternative.Candidate.Name] = "Its circuit breaker opened meanwhile.";
                continue;
            }

            var (isDone, value) = await TryAsync(alternative, breaker, permit, attempt, cancellationToken).ConfigureAwait(false);
            if (isDone)
            {
                return (alternative, value!);
            }
        }

        return null;
    }

    /// <summary>What was decided so far.</summary>
    public FallbackDecision Decide(FallbackPlan plan, Alternative? chosen) => new()
    {
        OperationId = scope.Id,
        Context = scope == default ? null : OperationContext.ChildOf(scope),
        Group = record.Group,
        At = time.GetUtcNow(),
        Chosen = chosen,
        Alternatives = _skipped.Count == 0 ? plan.Alternatives : [.. plan.Alternatives.Select(WithSkip)],
        Attempts = [.. _attempts],
        IsScoreCached = plan.IsScoreCached,
        IsAdvised = plan.IsAdvised,
    };

    private Alternative WithSkip(Alternative alternative) =>
        _skipped.TryGetValue(alternative.Candidate.Name, out string? reason) ? alternative with { NotTried = reason } : alternative;

    private async Task<(bool IsDone, T? Value)> TryAsync<T>(
        Alternative alternative, CircuitBreaker breaker, CircuitBreaker.Permit permit, Func<Candidates.ModelCandidate, CancellationToken, Task<T>> attempt,
        CancellationToken cancellationToken)
    {
        var timeout = planner.TimeoutOf(_plan!, alternative.Candidate);
        long start = time.GetTimestamp();
        var end = AttemptEnd.Cancelled;
        using var limit = new CancellationTokenSource(timeout, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        try
        {
            // An attempt that does not look at its token must not hold up the next one.
            var work = Begin(attempt, alternative.Candidate, either.Token);
            Observe(work);
            var value = await work.WaitAsync(either.Token).ConfigureAwait(false);
            end = AttemptEnd.Succeeded;
            Add(alternative, start, FallbackOutcome.Succeeded, null);
            return (true, value);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            Add(alternative, start, FallbackOutcome.Cancelled, null);
            throw;
        }
        catch (OperationCanceledException exception) when (limit.IsCancellationRequested)
        {
            end = AttemptEnd.Failed;
            string reason = $"No result within {Format.Duration(timeout)}.";
            Add(alternative, start, FallbackOutcome.TimedOut, reason);
            _errors.Add(new TimeoutException($"{alternative.Candidate.Name}: {reason}", exception));
            return (false, default);
        }
        catch (Exception exception)
        {
            bool isOwn = options.IsFailure?.Invoke(exception) ?? true;
            end = isOwn ? AttemptEnd.Failed : AttemptEnd.Cancelled;
            Add(alternative, start, FallbackOutcome.Failed, Reason(exception));
            _errors.Add(exception);
            if (!isOwn)
            {
                throw;
            }

            return (false, default);
        }
        finally
        {
            breaker.Exit(permit, end);
        }
    }

    /// <summary>Starts an attempt; the operations that it starts, such as a download, are children of the decision.</summary>
    private Task<T> Begin<T>(Func<Candidates.ModelCandidate, CancellationToken, Task<T>> attempt, Candidates.ModelCandidate candidate, CancellationToken cancellationToken)
    {
        using var entered = scope.Enter();
        return attempt(candidate, cancellationToken);
    }

    private void Add(Alternative alternative, long start, FallbackOutcome outcome, string? error)
    {
        var attempt = new FallbackAttempt(alternative.Candidate.Name, alternative.Strategy, time.GetElapsedTime(start), outcome, error);
        _attempts.Add(attempt);
        record.Add(attempt, time.GetUtcNow());
    }

    /// <summary>Has the exception of an attempt that ends after it was given up count as seen.</summary>
    private static void Observe(Task work) => work.ContinueWith(
        static ended => _ = ended.Exception, CancellationToken.None, TaskContinuationOptions.OnlyOnFaulted | TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);

    private static string Reason(Exception exception) => string.IsNullOrWhiteSpace(exception.Message) ? exception.GetType().Name : exception.Message;
}
