using PerfPortal.Domain.Alerts.Rules;

namespace PerfPortal.Server.Pages.Alerts;

/// <summary>What became of a change of a rule, in words.</summary>
internal static class RuleWords
{
    /// <summary>Why a change was not made.</summary>
    public static string Of(RuleChange change) => change.Outcome switch
    {
        RuleOutcome.Invalid => "Not saved: " + string.Join(" ", change.Errors.Select(error => error.Detail)),
        RuleOutcome.Unknown => "Not saved: the rule was deleted.",
        RuleOutcome.Lost => "Not saved: another user changed the rule first.",
        RuleOutcome.Provisioned => "Not saved: the rule comes from the rules file, and is edited there.",
        RuleOutcome.NothingToReset => "The rule was not edited; there is nothing to reset.",
        _ => "Saved.",
    };
}
