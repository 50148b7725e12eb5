using PerfPortal.Domain.Operations;

namespace PerfPortal.Server.Views.Losses;

/// <summary>Reports that a program lost one after the other for one reason, as it told the portal.</summary>
/// <param name="Id">Its id, which the program made: what is told again under it replaces what was told before.</param>
/// <param name="Source">The source of the program.</param>
/// <param name="Reason">Why they were lost.</param>
/// <param name="Detail">What the program knows beyond the reason, or <see langword="null"/>.</param>
/// <param name="Operations">The number of operations.</param>
/// <param name="Samples">The number of samples.</param>
/// <param name="From">When the first was lost at the earliest, UTC, by the clock of the portal.</param>
/// <param name="To">When the last was lost at the latest, UTC, by the clock of the portal.</param>
internal sealed record Loss(Guid Id, string Source, LossReason Reason, string? Detail, long Operations, long Samples, DateTimeOffset From, DateTimeOffset To)
{
    /// <summary>Whether the program dropped them; otherwise the portal rejected them.</summary>
    public bool IsDropped => Reason != LossReason.Rejected;
}
