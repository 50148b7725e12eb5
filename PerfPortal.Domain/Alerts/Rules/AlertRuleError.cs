namespace PerfPortal.Domain.Alerts.Rules;

/// <summary>A mistake in a rule.</summary>
/// <param name="Field">The member, by its path on the wire.</param>
/// <param name="Detail">What is wrong and what is allowed, one sentence.</param>
public sealed record AlertRuleError(string Field, string Detail);
