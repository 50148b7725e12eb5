using PerfPortal.Domain.Journal;
using PerfPortal.Domain.Text;

namespace PerfPortal.Server.Views;

/// <summary>States that figures are incomplete while minutes are rebuilt, after an unclean stop or a failed write: in the response headers of the API, on <c>/readyz</c> and on every page.</summary>
internal static class RebuildNotice
{
    /// <summary>The response header with the number of minutes; absent when all figures are complete.</summary>
    public const string Header = "X-Rebuilding-Minutes";

    /// <summary>The sentence; <see langword="null"/> when all figures are complete.</summary>
    public static string? Of(JournalStatus status) => status.RebuildingMinutes == 0 ? null
        : $"The figures of {Format.Count(status.RebuildingMinutes)} {(status.RebuildingMinutes == 1 ? "minute is" : "minutes are")} being rebuilt; until then they are incomplete.";
}
