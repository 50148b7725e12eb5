using System.Text.Json.Serialization;

namespace PerfPortal.Domain.Advice;

/// <summary>One piece of advice: a number for a component, with what it rests on. Also the wire format of <c>/advice/…</c>.</summary>
public sealed record AdviceItem
{
    /// <summary>What the number is for: one of <see cref="AdviceKinds"/>.</summary>
    public required string Kind { get; init; }

    /// <summary>What it applies to where a kind has several items, such as an error category or an alternative; otherwise <see langword="null"/>.</summary>
    public string? Subject { get; init; }

    /// <summary>The number to use; the safe default while the history is too small, <see langword="null"/> when there is neither.</summary>
    public required double? Value { get; init; }

    /// <summary>The unit of the value; empty when it has none.</summary>
    public required string Unit { get; init; }

    /// <summary>The number of recorded operations or attempts that the value rests on, at least 0.</summary>
    public required long SampleCount { get; init; }

    /// <summary>How far to trust the value, 0–1; 0 for a safe default.</summary>
    public required double Confidence { get; init; }

    /// <summary>When the advice should be asked for again, UTC.</summary>
    public required DateTimeOffset ExpiresAt { get; init; }

    /// <summary>What to use without advice; <see langword="null"/> when nothing can be said without a history.</summary>
    public required double? SafeDefault { get; init; }

    /// <summary>Why, in one sentence with the measured numbers.</summary>
    public required string Reason { get; init; }

    /// <summary>Whether the value comes from the history rather than from the default.</summary>
    [JsonIgnore]
    public bool IsLearned => Confidence > 0;
}
