using PerfPortal.Domain.Operations;
using PerfPortal.Domain.Text;

namespace PerfPortal.Server.Views.Losses;

/// <summary>Says in a sentence what was lost. Points in time are written as <see cref="Moments"/> does, so that a page can show them in another time zone.</summary>
internal static class LossWords
{
    /// <summary>One sentence for each source and reason, the latest first.</summary>
    public static IReadOnlyList<string> Sentences(IEnumerable<Loss> losses) => [.. Together(losses).Select(Sentence)];

    /// <summary>Adds up the losses of each source and reason, the latest first.</summary>
    public static IReadOnlyList<Loss> Together(IEnumerable<Loss> losses) =>
    [
        .. losses.GroupBy(loss => (loss.Source, loss.Reason)).Select(group => group.MaxBy(loss => loss.To)! with
        {
            Operations = group.Sum(loss => loss.Operations),
            Samples = group.Sum(loss => loss.Samples),
            From = group.Min(loss => loss.From),
        }).OrderByDescending(loss => loss.To),
    ];

    /// <summary>The sentence.</summary>
    public static string Sentence(Loss loss)
    {
        bool isOne = loss.Operations + loss.Samples == 1;
        string what = (loss.Operations, loss.Samples) switch
        {
            (_, 0) => Counted(loss.Operations, "operation"),
            (0, _) => Counted(loss.Samples, "sample"),
            _ => $"{Counted(loss.Operations, "operation")} and {Counted(loss.Samples, "sample")}",
        };
        var (from, to) = (Moments.Text(loss.From), Moments.Text(loss.To));
        string when = from == to ? $"at {to}" : $"between {from} and {to}";
        return $"{what} of {loss.Source} {(isOne ? "was" : "were")} {(loss.IsDropped ? "dropped" : "rejected")} {when}{Why(loss)}.";
    }

    private static string Why(Loss loss)
    {
        string reason = loss.Reason switch
        {
            LossReason.PortalUnreachable => ", because the portal could not be reached",
            LossReason.BufferFull => ", because reports came faster than they could be sent",
            LossReason.NotEncodable => ", because their content could not be encoded",
            LossReason.Rejected => ", because the portal found them invalid",
            _ => "",
        };
        return string.IsNullOrWhiteSpace(loss.Detail) ? reason : $"{reason}: {loss.Detail.Trim().TrimEnd('.')}";
    }

    private static string Counted(long count, string what) => $"{Format.Count(count)} {what}{(count == 1 ? "" : "s")}";
}
