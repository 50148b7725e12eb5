using PerfPortal.Domain.Advice;
using PerfPortal.Domain.Models.Fallbacks.Candidates;
using PerfPortal.Domain.Models.Fallbacks.Memory;
using PerfPortal.Domain.Models.Fallbacks.Planning;
using PerfPortal.Domain.Models.Fallbacks.Scoring;
using PerfPortal.Domain.Resources;
using PerfPortal.Domain.Text;

namespace PerfPortal.Domain.Models.Fallbacks;

/// <summary>Decides which candidates are tried, and in which order.</summary>
internal sealed class FallbackPlanner(FallbackOptions options, AdviceReader advice, AdviceTrial trial, ScoreCache scores, Func<ResourceSample?>? resources, TimeProvider time)
{
    public async ValueTask<FallbackPlan> PlanAsync(GroupRecord record, FallbackRequest request, CancellationToken cancellationToken)
    {
        var learned = await advice.GetAsync(record.Group.Name, cancellationToken).ConfigureAwait(false);
        var used = trial.Choose(learned.Items);
        var group = record.Group;

        // Another group of the same name can have other candidates: what was learned of those is not advice for these.
        bool isFollowed = used.Arm == AdviceFacts.Advised && Array.Exists(group.Models, model => learned.Candidates.ContainsKey(model.Name));
        double lifetime = isFollowed ? used.Get(AdviceKinds.CacheLifetime) : AdviceCatalog.DefaultOf(AdviceKinds.CacheLifetime)!.Value;
        var (scored, isHit) = scores.Get(group, request, TimeSpan.FromSeconds(lifetime));
        var free = FreeMemoryNow();
        double needed = request.MinCompatibility ?? options.MinCompatibility;
        var tried = new List<Alternative>();
        var others = new List<Alternative>();
        for (int i = 0; i < group.Models.Length; i++)
        {
            if (i == 0 && !request.TriesWanted)
            {
                continue;
            }

            var candidate = group.Models[i];
            var known = learned.Candidates.GetValueOrDefault(candidate.Name);
            var alternative = new Alternative
            {
                Candidate = candidate,
                Strategy = record.Strategies[i],
                Score = scored[i],
                Fit = MemoryFit.Of(candidate, record.Needs[i], free, options.MemoryMargin),
                Breaker = record.BreakerOf(candidate.Name).Status,
                ExpectedSeconds = known?.Seconds,
                ExpectedSuccess = known?.Success,
            };
            alternative = alternative with { NotTried = WhyNot(alternative, needed) };
            (alternative.NotTried is null ? tried : others).Add(alternative);
        }

        bool isAdvised = isFollowed && tried.Exists(alternative => learned.Candidates.ContainsKey(alternative.Candidate.Name));
        var order = TryingOrder.Sort(tried, isAdvised ? learned : null, options.CompatibilityWeight);
        FallbackPlan plan = new([.. order.Select((alternative, index) => alternative with { Place = index + 1 }), .. others], isHit, isAdvised, learned);
        record.Add(plan.Alternatives);
        return plan;
    }

    /// <summary>Whether a candidate fits the memory that is free now.</summary>
    public MemoryFit FitNow(ModelCandidate candidate) => MemoryFit.Of(candidate, FreeMemoryNow(), options.MemoryMargin);

    /// <summary>
    /// When an attempt is given up: after the advised time, otherwise after four times the expected time to success, within the bounds of the options.
    /// </summary>
    public TimeSpan TimeoutOf(FallbackPlan plan, ModelCandidate candidate)
    {
        const double Slack = 4;
        var known = plan.IsAdvised ? plan.Advice.Candidates.GetValueOrDefault(candidate.Name) : null;
        return (known?.Timeout ?? known?.Seconds * Slack) is { } seconds
            ? TimeSpan.FromSeconds(Math.Clamp(seconds, options.MinAttemptTimeout.TotalSeconds, options.AttemptTimeout.TotalSeconds))
            : options.AttemptTimeout;
    }

    private static string? WhyNot(Alternative alternative, double needed) =>
        alternative.Score.Excluded
        ?? (alternative.Score.Value < needed
            ? $"Its compatibility is {Format.Number(alternative.Score.Value)}, and {Format.Number(needed)} is needed."
            : !alternative.Fit.Fits ? alternative.Fit.Reason
            : alternative.Breaker.LetsThrough ? null
            : alternative.Breaker.IsProbing ? "Its circuit breaker is half-open, and another attempt is finding out whether it is back."
            : $"Its circuit breaker is open after {alternative.Breaker.FailuresInARow} failures in a row, for another {Format.Duration(alternative.Breaker.RetryAfter)}.");

    private FreeMemory FreeMemoryNow()
    {
        try
        {
            return FreeMemory.Of(resources?.Invoke(), time.GetUtcNow());
        }
        catch (Exception)
        {
            // The caller's function; what it cannot tell is not known.
            return FreeMemory.Unknown;
        }
    }
}
