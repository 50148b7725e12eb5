namespace PerfPortal.Domain.Models.Fallbacks;

/// <summary>Says why nothing was chosen.</summary>
internal static class FallbackWords
{
    /// <summary>The reason of every candidate, those that were tried first.</summary>
    public static string WhyNothing(FallbackDecision decision)
    {
        var tried = decision.Attempts.Select(attempt => $"{attempt.Candidate}: {attempt.Error}");
        var names = decision.Attempts.Select(attempt => attempt.Candidate).ToHashSet(StringComparer.Ordinal);
        var others = decision.Alternatives.Where(alternative => !names.Contains(alternative.Candidate.Name) && alternative.NotTried is not null)
            .Select(alternative => $"{alternative.Candidate.Name}: {alternative.NotTried}");
        string headline = decision.Attempts.Count switch
        {
            0 => $"No candidate can take the place of {decision.Group.Wanted.Name} now.",
            1 => $"Nothing took the place of {decision.Group.Wanted.Name}; one attempt failed.",
            _ => $"Nothing took the place of {decision.Group.Wanted.Name}; all {decision.Attempts.Count} attempts failed.",
        };
        return string.Join(Environment.NewLine, [headline, .. tried, .. others]);
    }
}
