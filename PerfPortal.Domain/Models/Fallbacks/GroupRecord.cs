using PerfPortal.Domain.Models.Fallbacks.Breaking;
using PerfPortal.Domain.Models.Fallbacks.Candidates;
using PerfPortal.Domain.Models.Fallbacks.Planning;

namespace PerfPortal.Domain.Models.Fallbacks;

/// <summary>What is known about a group while the process runs. Thread-safe.</summary>
internal sealed class GroupRecord
{
    private readonly Lock _lock = new();
    private readonly Dictionary<string, CandidateRecord> _candidates = new(StringComparer.Ordinal);
    private long _decisions;
    private long _succeeded;
    private int _running;
    private TimeSpan _lost;
    private FallbackDecision? _last;

    /// <summary>Creates the record of a group.</summary>
    /// <param name="group">The group.</param>
    /// <param name="breaker">The options of the circuit breakers.</param>
    /// <param name="time">The clock.</param>
    /// <param name="before">The record of the group before it was changed: what its candidates did stays, where their endpoint is the same.</param>
    public GroupRecord(FallbackGroup group, BreakerOptions breaker, TimeProvider time, GroupRecord? before)
    {
        Group = group;
        Strategies = [.. group.Models.Select(model => FallbackStrategies.Of(group.Wanted, model))];
        Needs = [.. group.Models.Select(MemoryNeed.Of)];
        foreach (var model in group.Models)
        {
            var kept = before?._candidates.GetValueOrDefault(model.Name);
            _candidates.Add(model.Name, kept is not null && kept.Candidate.Endpoint == model.Endpoint ? kept with { Candidate = model } : new(model, new(breaker, time)));
        }

        if (before is not null)
        {
            lock (before._lock)
            {
                (_decisions, _succeeded, _lost, _last) = (before._decisions, before._succeeded, before._lost, before._last);
            }
        }
    }

    public FallbackGroup Group { get; }

    /// <summary>How each of the group's models takes the place of the wanted one.</summary>
    public FallbackStrategy[] Strategies { get; }

    /// <summary>The memory that each of the group's models needs; <see langword="null"/> where that is not declared.</summary>
    public MemoryNeed?[] Needs { get; }

    /// <summary>When it was last used, in the manager's order of use.</summary>
    public long UsedAt { get; set; }

    public CircuitBreaker BreakerOf(string candidate) => _candidates[candidate].Breaker;

    public void Begin()
    {
        lock (_lock)
        {
            _running++;
        }
    }

    /// <summary>Records an attempt that ended.</summary>
    public void Add(FallbackAttempt attempt, DateTimeOffset at)
    {
        lock (_lock)
        {
            var record = _candidates[attempt.Candidate];
            record.Last = attempt;
            record.LastAt = at;
            if (attempt.Outcome != FallbackOutcome.Cancelled)
            {
                record.Attempts++;
                record.Succeeded += attempt.Outcome == FallbackOutcome.Succeeded ? 1 : 0;
            }
        }
    }

    /// <summary>Records how a decision saw the candidates.</summary>
    public void Add(IEnumerable<Alternative> alternatives)
    {
        lock (_lock)
        {
            foreach (var alternative in alternatives)
            {
                _candidates[alternative.Candidate.Name].Seen = alternative;
            }
        }
    }

    /// <summary>Records the end of a decision; <see langword="null"/> when it was cancelled.</summary>
    public void End(FallbackDecision? decision)
    {
        lock (_lock)
        {
            _running--;
            if (decision is not null)
            {
                _decisions++;
                _succeeded += decision.Chosen is null ? 0 : 1;
                _lost += decision.Lost;
                _last = decision;
            }
        }
    }

    public FallbackGroupState State()
    {
        lock (_lock)
        {
            return new(
                Group,
                [
                    .. Group.Models.Select(model => _candidates[model.Name]).Select(record => new FallbackCandidateState(
                        record.Candidate, FallbackStrategies.Of(Group.Wanted, record.Candidate), record.Breaker.Status, record.Attempts, record.Succeeded, record.Seen,
                        record.Last, record.LastAt)),
                ],
                _decisions, _succeeded, _running, _lost, _last);
        }
    }

    private sealed record CandidateRecord(ModelCandidate Candidate, CircuitBreaker Breaker)
    {
        public long Attempts { get; set; }

        public long Succeeded { get; set; }

        public Alternative? Seen { get; set; }

        public FallbackAttempt? Last { get; set; }

        public DateTimeOffset? LastAt { get; set; }
    }
}
