using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Serialization;
using PerfPortal.Domain.Operations;

namespace PerfPortal.Domain.Findings;

/// <summary>The state of a recommendation.</summary>
/// <remarks>The numeric values are stored; never renumber them.</remarks>
public enum RecommendationState : byte
{
    /// <summary>No decision has been made yet.</summary>
    Open = 0,

    /// <summary>The recommendation has been applied.</summary>
    Applied = 1,

    /// <summary>The recommendation has been dismissed.</summary>
    Dismissed = 2,
}

/// <summary>The wire names of <see cref="RecommendationState"/>.</summary>
public static class RecommendationStates
{
    /// <summary>All wire names, in the order of the stored values.</summary>
    public static IReadOnlyList<string> WireNames { get; } = ["open", "applied", "dismissed"];

    /// <summary>The name on the wire.</summary>
    public static string WireName(this RecommendationState state) => WireNames[(int)state];
}

/// <summary>The expected gain of a recommendation.</summary>
/// <param name="Text">A one-sentence description.</param>
/// <param name="Value">The gain in <paramref name="Unit"/>, or <see langword="null"/> when it cannot be derived from the measurements.</param>
/// <param name="Unit">The unit, such as <c>s per operation</c> or <c>s per day</c>; what is counted per day is the sum so far where less than a day was observed (evidence <c>observed_time</c>).</param>
/// <param name="Formula">The formula that derives the value from the evidence.</param>
public sealed record ExpectedGain(string Text, double? Value, string Unit, string Formula);

/// <summary>A recommendation: what to change, why, and the expected gain, with its life cycle.</summary>
public sealed record Recommendation
{
    /// <summary>A stable ID for the same kind and subject: 32 hex digits, see <see cref="IdOf"/>.</summary>
    public required string Id { get; init; }

    /// <summary>The kind, one of the constants of <c>RecommendationKinds</c>.</summary>
    public required string Kind { get; init; }

    /// <summary>What it has in common with others of its kind, such as an error type; <see langword="null"/> when the kind alone describes it.</summary>
    public string? Cause { get; init; }

    /// <summary>A short title.</summary>
    public required string Title { get; init; }

    /// <summary>A one-sentence description with the measured value.</summary>
    public required string Sentence { get; init; }

    /// <summary>The recommended action, in one sentence.</summary>
    public required string Action { get; init; }

    /// <summary>The condition under which it is made, with the threshold values.</summary>
    public required string Condition { get; init; }

    /// <summary>The measured numbers that support it.</summary>
    public IReadOnlyList<EvidenceNumber> Evidence { get; init; } = [];

    /// <summary>The expected gain.</summary>
    public required ExpectedGain Gain { get; init; }

    /// <summary>The affected metric type, or <see langword="null"/> for a host.</summary>
    public MetricType? MetricType { get; init; }

    /// <summary>The affected operation name, or <see langword="null"/> for the whole type or a host.</summary>
    public string? OperationName { get; init; }

    /// <summary>The affected host or service, or <see langword="null"/> for all.</summary>
    public string? Source { get; init; }

    /// <summary>The state.</summary>
    public RecommendationState State { get; init; }

    /// <summary>Whether the latest analysis still makes this recommendation.</summary>
    public bool IsCurrent { get; init; } = true;

    /// <summary>When it was first made.</summary>
    public DateTimeOffset OpenedAt { get; init; }

    /// <summary>When it was last made, to the minute.</summary>
    public DateTimeOffset SeenAt { get; init; }

    /// <summary>When a user last changed its state; <see langword="null"/> if never.</summary>
    public DateTimeOffset? ChangedAt { get; init; }

    /// <summary>The user who last changed its state.</summary>
    public string? ChangedBy { get; init; }

    /// <summary>The user's note, at most 1,000 characters.</summary>
    public string? Note { get; init; }

    /// <summary>What it did since it was applied; <see langword="null"/> until that is measured.</summary>
    public RecommendationEffect? Effect { get; init; }

    /// <summary>How often recommendations of this kind helped here.</summary>
    [JsonIgnore]
    public KindRecord KindRecord { get; init; }

    /// <summary>Returns the ID for a kind and subject: the first 16 bytes of the SHA-256 hash of its parts, in hex.</summary>
    public static string IdOf(string kind, MetricType? metricType, string? operationName, string? source)
    {
        string subject = string.Join('\u001f', kind, metricType?.WireName(), operationName, source);
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(subject)).AsSpan(0, 16));
    }
}
