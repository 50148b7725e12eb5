namespace PerfPortal.Domain.Client;

/// <summary>What a <see cref="PortalClient"/> did since it was created, and what it still has to do.</summary>
public sealed record PortalClientStatus
{
    /// <summary>Whether the portal accepted the last request.</summary>
    public required bool IsConnected { get; init; }

    /// <summary>When the portal last accepted a request, UTC; <see langword="null"/> if it never did.</summary>
    public required DateTimeOffset? LastSuccessAt { get; init; }

    /// <summary>The last error, or <see langword="null"/> when there was none. Stays set after recovery.</summary>
    public required string? LastError { get; init; }

    /// <summary>When the last error happened, UTC.</summary>
    public required DateTimeOffset? LastErrorAt { get; init; }

    /// <summary>
    /// How far the clock of this host is ahead of the portal's, to the second; negative when it is behind, <see langword="null"/> before the first answer. The portal rejects what ends more than five
    /// minutes ahead.
    /// </summary>
    public required TimeSpan? ClockAhead { get; init; }

    /// <summary>The counts of ended operations.</summary>
    public required DeliveryCounts Operations { get; init; }

    /// <summary>The counts of resource samples.</summary>
    public required DeliveryCounts Samples { get; init; }

    /// <summary>Why the portal last rejected an operation or a sample, or <see langword="null"/>.</summary>
    public required string? LastRejection { get; init; }

    /// <summary>The number of running operations that the portal knows.</summary>
    public required int Running { get; init; }

    /// <summary>The size of the files in the spill directory, bytes.</summary>
    public required long SpillBytes { get; init; }
}

/// <summary>What became of the operations or samples of a client.</summary>
/// <param name="Queued">Waiting in memory.</param>
/// <param name="InFiles">Waiting in the spill directory.</param>
/// <param name="Sent">Accepted by the portal.</param>
/// <param name="Duplicates">Already known to the portal: an earlier request had arrived although its answer did not.</param>
/// <param name="Rejected">Rejected by the portal; they are not sent again.</param>
/// <param name="Dropped">Lost: the buffer, or the spill directory, was full, or the client was closed.</param>
/// <param name="Spilled">Written to the spill directory so far.</param>
public sealed record DeliveryCounts(int Queued, int InFiles, long Sent, long Duplicates, long Rejected, long Dropped, long Spilled);
