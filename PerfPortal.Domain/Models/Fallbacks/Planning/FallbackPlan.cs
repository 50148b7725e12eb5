namespace PerfPortal.Domain.Models.Fallbacks.Planning;

/// <summary>What a decision considered.</summary>
/// <param name="Alternatives">All candidates: first those to try, in order, then the others.</param>
/// <param name="IsScoreCached">Whether the scores came from the cache.</param>
/// <param name="IsAdvised">Whether the order follows what was learned of at least one of those to try, rather than the default.</param>
/// <param name="Advice">What was learned, whether or not it was followed.</param>
internal sealed record FallbackPlan(IReadOnlyList<Alternative> Alternatives, bool IsScoreCached, bool IsAdvised, GroupAdvice Advice)
{
    /// <summary>Those to try, in order.</summary>
    public IEnumerable<Alternative> Order => Alternatives.TakeWhile(alternative => alternative.Place is not null);
}
