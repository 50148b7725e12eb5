using PerfPortal.Domain.Advice;

namespace PerfPortal.Domain.Models.Fallbacks.Planning;

/// <summary>What history advises for a group.</summary>
/// <param name="Candidates">What was learned about candidates, by name.</param>
/// <param name="Items">The advice as it was answered.</param>
internal sealed record GroupAdvice(IReadOnlyDictionary<string, CandidateAdvice> Candidates, IReadOnlyList<AdviceItem> Items)
{
    /// <summary>The most candidates that are read: more than a group has.</summary>
    private const int MaxCandidates = 256;

    /// <summary>Nothing was learned.</summary>
    public static GroupAdvice None { get; } = new(new Dictionary<string, CandidateAdvice>(), []);

    /// <summary>Reads the answer of an adviser; what makes no sense is left out.</summary>
    public static GroupAdvice Of(IReadOnlyList<AdviceItem> items)
    {
        var candidates = new Dictionary<string, CandidateAdvice>(StringComparer.Ordinal);
        foreach (var item in items)
        {
            if (item is { IsLearned: true, Subject: { } name, Value: { } value } && double.IsFinite(value) && value >= 0)
            {
                var known = candidates.GetValueOrDefault(name, CandidateAdvice.Nothing);
                var read = item.Kind switch
                {
                    AdviceKinds.AlternativeRank => known with { Rank = value },
                    AdviceKinds.ExpectedSeconds => known with { Seconds = value },
                    AdviceKinds.ExpectedSuccess => known with { Success = Math.Min(value, 1) },
                    AdviceKinds.Timeout => known with { Timeout = value },
                    _ => known,
                };
                if (read != CandidateAdvice.Nothing && (candidates.Count < MaxCandidates || candidates.ContainsKey(name)))
                {
                    candidates[name] = read;
                }
            }
        }

        return new(candidates, items);
    }
}

/// <summary>What was learned about a candidate.</summary>
/// <param name="Rank">The place in the order of trying, from 1.</param>
/// <param name="Seconds">The expected time to success, failures included.</param>
/// <param name="Success">The expected rate of success, 0–1.</param>
/// <param name="Timeout">The seconds after which an attempt is given up.</param>
internal sealed record CandidateAdvice(double? Rank, double? Seconds, double? Success, double? Timeout)
{
    public static CandidateAdvice Nothing { get; } = new(null, null, null, null);
}
