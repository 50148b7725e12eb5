using System.Security.Cryptography;
using System.Text;
using PerfPortal.Domain.Operations;

namespace PerfPortal.Domain.Findings;

/// <summary>Where a recommendation is in its life. The numeric values are stored; never renumber them.</summary>
public enum RecommendationState : byte
{
    /// <summary>Nobody has decided yet.</summary>
    Open = 0,

    /// <summary>Somebody has done it.</summary>
    Applied = 1,

    /// <summary>Somebody has decided against it.</summary>
    Dismissed = 2,
}

/// <summary>The wire names of <see cref="RecommendationState"/>.</summary>
public static class RecommendationStates
{
    /// <summary>Every wire name, in the order of the stored value.</summary>
    public static IReadOnlyList<string> WireNames { get; } = ["open", "applied", "dismissed"];

    /// <summary>The name on the wire.</summary>
    public static string WireName(this RecommendationState state) => WireNames[(int)state];
}

/// <summary>What is to be won.</summary>
/// <param name="Text">One sentence for a person.</param>
/// <param name="Value">The number in <paramref name="Unit"/>, or <see langword="null"/> when what was measured does not say it.</param>
/// <param name="Unit">The unit, such as <c>s per operation</c> or <c>s per day</c>.</param>
/// <param name="Formula">How the number comes from the evidence.</param>
public sealed record ExpectedGain(string Text, double? Value, string Unit, string Formula);

/// <summary>Advice to people: what to change, why, and what it would bring; with its life cycle.</summary>
public sealed record Recommendation
{
    /// <summary>The same for the same kind and subject tomorrow: 32 hex digits, see <see cref="IdOf"/>.</summary>
    public required string Id { get; init; }

    /// <summary>The kind, one of the constants of <c>RecommendationKinds</c>.</summary>
    public required string Kind { get; init; }

    /// <summary>A few words.</summary>
    public required string Title { get; init; }

    /// <summary>One sentence for a person, with its number.</summary>
    public required string Sentence { get; init; }

    /// <summary>What to do, one sentence.</summary>
    public required string Action { get; init; }

    /// <summary>When it is given, with the numbers of the thresholds.</summary>
    public required string Condition { get; init; }

    /// <summary>The measured numbers behind it.</summary>
    public IReadOnlyList<EvidenceNumber> Evidence { get; init; } = [];

    /// <summary>What is to be won.</summary>
    public required ExpectedGain Gain { get; init; }

    /// <summary>The metric type that it is of, or <see langword="null"/> for a host.</summary>
    public MetricType? MetricType { get; init; }

    /// <summary>The operation name that it is of, or <see langword="null"/> for the whole type or a host.</summary>
    public string? OperationName { get; init; }

    /// <summary>The host or service that it is of, or <see langword="null"/> for all.</summary>
    public string? Source { get; init; }

    /// <summary>Where it is in its life.</summary>
    public RecommendationState State { get; init; }

    /// <summary>Whether the latest analysis still gives it.</summary>
    public bool IsCurrent { get; init; } = true;

    /// <summary>When it was first given.</summary>
    public DateTimeOffset OpenedAt { get; init; }

    /// <summary>When it was last given, to the minute.</summary>
    public DateTimeOffset SeenAt { get; init; }

    /// <summary>When its state was last changed by a person; <see langword="null"/> before.</summary>
    public DateTimeOffset? ChangedAt { get; init; }

    /// <summary>Who changed it.</summary>
    public string? ChangedBy { get; init; }

    /// <summary>What that person noted, at most 1,000 characters.</summary>
    public string? Note { get; init; }

    /// <summary>The id of a kind and subject: the first 16 bytes of the SHA-256 of its parts, in hex.</summary>
    public static string IdOf(string kind, MetricType? metricType, string? operationName, string? source)
    {
        string subject = string.Join('\u001f', kind, metricType?.WireName(), operationName, source);
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(subject)).AsSpan(0, 16));
    }
}
