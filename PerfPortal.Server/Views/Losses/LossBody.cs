using PerfPortal.Domain.Operations;

namespace PerfPortal.Server.Views.Losses;

/// <summary>Reports that a program lost one after the other for one reason.</summary>
/// <param name="Id">Its id, which the program made.</param>
/// <param name="Reason">Why they were lost.</param>
/// <param name="Detail">What the program knows beyond the reason.</param>
/// <param name="Operations">The number of operations.</param>
/// <param name="Samples">The number of samples.</param>
/// <param name="From">When the first was lost at the earliest, by the clock of the portal.</param>
/// <param name="To">When the last was lost at the latest, by the clock of the portal.</param>
/// <param name="Sentence">All of it in a sentence.</param>
internal sealed record LossBody(Guid Id, LossReason Reason, string? Detail, long Operations, long Samples, DateTimeOffset From, DateTimeOffset To, string Sentence)
{
    /// <summary>Creates the body.</summary>
    public static LossBody Of(Loss loss) => new(loss.Id, loss.Reason, loss.Detail, loss.Operations, loss.Samples, loss.From, loss.To, LossWords.Sentence(loss));
}
