namespace PerfPortal.Domain.Alerts.Rules;

/// <summary>All rules at a time. Immutable.</summary>
/// <param name="Rules">The built-in rules in their order, then the others by name.</param>
/// <param name="Version">Changes whenever a rule does, also because a threshold that it follows was changed.</param>
public sealed record AlertRuleList(IReadOnlyList<AlertRule> Rules, long Version)
{
    /// <summary>Returns the rule with this ID, or <see langword="null"/>.</summary>
    public AlertRule? Find(string id) => Rules.FirstOrDefault(rule => rule.Id == id);
}

/// <summary>What became of a change of a rule.</summary>
public enum RuleOutcome
{
    /// <summary>It was made.</summary>
    Done,

    /// <summary>The rule has mistakes.</summary>
    Invalid,

    /// <summary>There is no such rule.</summary>
    Unknown,

    /// <summary>Somebody else changed it in the meantime.</summary>
    Lost,

    /// <summary>The rule comes from the rules file.</summary>
    Provisioned,

    /// <summary>A built-in rule that was not edited has nothing to reset, and cannot be deleted.</summary>
    NothingToReset,
}

/// <summary>What became of a change of a rule.</summary>
/// <param name="Outcome">The outcome.</param>
/// <param name="Rule">The rule afterwards, or as it is where nothing was changed; <see langword="null"/> when there is none.</param>
/// <param name="Errors">The mistakes.</param>
public sealed record RuleChange(RuleOutcome Outcome, AlertRule? Rule, IReadOnlyList<AlertRuleError> Errors)
{
    internal RuleChange(RuleOutcome outcome, AlertRule? rule = null)
        : this(outcome, rule, [])
    {
    }
}
