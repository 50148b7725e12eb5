using System.Net.Http.Headers;

namespace PerfPortal.Domain.Models.Downloads.Transport;

/// <summary>What identifies one version of a file on a server. Ranges are joined only if it is the same.</summary>
/// <param name="ETag">The strong entity tag, in quotes, or <see langword="null"/>.</param>
/// <param name="LastModified">When it was modified, or <see langword="null"/>.</param>
internal sealed record FileVersion(string? ETag, DateTimeOffset? LastModified)
{
    /// <summary>The version of an answer. A weak entity tag does not identify bytes (RFC 9110, 8.8.1).</summary>
    public static FileVersion Of(HttpResponseMessage response) => new(
        response.Headers.ETag is { IsWeak: false } tag ? tag.Tag : null, response.Content.Headers.LastModified);

    /// <summary>Whether the version can be told from another one.</summary>
    public bool IsKnown => ETag is not null || LastModified is not null;

    /// <summary>The condition under which a range of this version is wanted, or <see langword="null"/>.</summary>
    public RangeConditionHeaderValue? Condition =>
        ETag is not null ? new RangeConditionHeaderValue(new EntityTagHeaderValue(ETag)) : LastModified is { } time ? new RangeConditionHeaderValue(time) : null;

    /// <summary>Whether another answer is about the same version; the entity tag decides where both have one.</summary>
    public bool IsSame(FileVersion other) =>
        ETag is not null && other.ETag is not null ? ETag == other.ETag
        : LastModified is not null && other.LastModified is not null ? LastModified == other.LastModified
        : (ETag is null) == (other.ETag is null) && (LastModified is null) == (other.LastModified is null);
}
