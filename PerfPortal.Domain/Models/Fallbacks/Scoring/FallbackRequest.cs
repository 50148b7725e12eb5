using PerfPortal.Domain.Models.Fallbacks.Candidates;

namespace PerfPortal.Domain.Models.Fallbacks.Scoring;

/// <summary>What a model must have to be chosen. What a candidate does not declare, it does not fulfil.</summary>
public sealed record FallbackRequest
{
    /// <summary>No requirements beyond the task of the wanted model.</summary>
    public static FallbackRequest Any { get; } = new();

    /// <summary>The task; otherwise that of the wanted model.</summary>
    public string? Task { get; init; }

    /// <summary>The context length that is needed, in tokens.</summary>
    public int? MinContextTokens { get; init; }

    /// <summary>The licences that are allowed; empty for any.</summary>
    public TextSet AllowedLicences { get; init; } = TextSet.Empty;

    /// <summary>The most memory that a model on this host may need, in bytes.</summary>
    public long? MaxMemoryBytes { get; init; }

    /// <summary>Whether nothing may leave this host.</summary>
    public bool MustBeLocal { get; init; }

    /// <summary>What the model must take and give, such as <c>image</c>.</summary>
    public TextSet Modalities { get; init; } = TextSet.Empty;

    /// <summary>Names of candidates that are not to be tried, for example because the caller just tried them.</summary>
    public TextSet Except { get; init; } = TextSet.Empty;

    /// <summary>The compatibility that is needed, 0–1; otherwise that of the manager's options.</summary>
    public double? MinCompatibility { get; init; }

    /// <summary>Whether the wanted model is tried too. Set it when nothing was tried before; leave it when the wanted model just failed.</summary>
    public bool TriesWanted { get; init; }
}
