using PerfPortal.Domain.Operations;

namespace PerfPortal.Domain.Tracking.Lanes;

/// <summary>A snapshot of an in-process operation, with a reference to its slot.</summary>
internal sealed class TrackedOperation(TrackedSlot slot, long word, Operation current, ProgressPace pace, DateTimeOffset? reportedAt) : ActiveOperation
{
    private readonly uint _generation = SlotState.Generation(word);

    /// <inheritdoc/>
    public override Operation Current => current;

    /// <inheritdoc/>
    public override bool IsInProcess => true;

    /// <inheritdoc/>
    public override DateTimeOffset LastSign => reportedAt ?? current.StartTime;

    /// <inheritdoc/>
    public override ProgressPace Pace => pace;

    /// <inheritdoc/>
    internal override bool IsStored => slot.IsStored(word);

    /// <inheritdoc/>
    internal override Task Settled => slot.Settled;

    /// <inheritdoc/>
    internal override ReportResult Report(Progress? progress, IEnumerable<KeyValuePair<string, MetadataValue>>? metadata, DateTimeOffset now)
    {
        // The slot limits its metadata itself.
        slot.Report(_generation, progress);
        if (metadata is not null)
        {
            slot.Set(_generation, [.. metadata]);
        }

        return new(ReportOutcome.Accepted, slot.TryRead() is { } latest && latest._generation == _generation ? latest.Current : current);
    }

    /// <inheritdoc/>
    internal override void Expect(UsualPace usual) => slot.Expect(_generation, usual);

    /// <inheritdoc/>
    internal override Operation TakeToStore()
    {
        slot.MarkStored(word);
        return current;
    }

    /// <inheritdoc/>
    internal override void NotStored() => slot.MarkStored(0);

    /// <inheritdoc/>
    internal override Operation? TryClaim() => slot.TryClaim(_generation);

    /// <inheritdoc/>
    internal override void Release(bool ended) => slot.Release(_generation, ended);
}
