namespace PerfPortal.Domain.Analysis.Suggestions;

/// <summary>A value for a threshold that the history suggests.</summary>
/// <param name="WireName">The threshold.</param>
/// <param name="Current">The value in effect.</param>
/// <param name="Suggested">The suggested value; <see langword="null"/> without enough data.</param>
/// <param name="CurrentAlarmRate">The share of days on which the value in effect was exceeded, 0–1; of days of each host for a resource.</param>
/// <param name="SuggestedAlarmRate">The share of days on which the suggested value would have been exceeded.</param>
/// <param name="Days">The number of days, or days of hosts, with data.</param>
/// <param name="Sentence">The suggestion in one sentence, with the numbers.</param>
public sealed record ThresholdSuggestion(
    string WireName, double Current, double? Suggested, double? CurrentAlarmRate, double? SuggestedAlarmRate, int Days, string Sentence)
{
    /// <summary>Whether the suggested value differs from the one in effect.</summary>
    public bool IsChange => Suggested is { } value && !value.Equals(Current);
}
