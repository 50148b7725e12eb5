using System.Text.Json.Serialization;

namespace PerfPortal.Domain.Statistics;

/// <summary>A half-open time range: <paramref name="From"/> is inclusive, <paramref name="To"/> exclusive.</summary>
/// <param name="From">The start, inclusive.</param>
/// <param name="To">The end, exclusive.</param>
public readonly record struct TimeRange(DateTimeOffset From, DateTimeOffset To)
{
    /// <summary>The length of the range.</summary>
    [JsonIgnore]
    public TimeSpan Length => To - From;

    /// <summary>The previous period: the range of the same length that ends where this one starts.</summary>
    [JsonIgnore]
    public TimeRange Previous => new(From - Length, From);

    /// <summary>Returns both ends, in RFC 3339.</summary>
    public override string ToString() => $"{From:O}–{To:O}";
}
