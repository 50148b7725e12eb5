using PerfPortal.Domain.Journal;
using PerfPortal.Server.Views.Losses;

namespace PerfPortal.Server.Views;

/// <summary>A notice about the portal as a whole, shown on every page.</summary>
/// <param name="Role">The ARIA role: <c>alert</c> if reports are lost unless somebody acts, otherwise <c>status</c>.</param>
/// <param name="Text">The sentences.</param>
/// <param name="Link">The page with more details, if any.</param>
internal sealed record Notice(string Role, string Text, NoticeLink? Link = null);

/// <summary>A link of a notice.</summary>
/// <param name="Path">The path of the page, without a query.</param>
/// <param name="Title">The display name.</param>
internal sealed record NoticeLink(string Path, string Title);

/// <summary>Reads the notices that every page shows: why reports are not taken, what the size limit has deleted, which figures are incomplete, and what was lost on the way to the portal.</summary>
internal sealed class NoticeReader(OperationJournal journal, StorageLimit limit, LossNotice losses)
{
    /// <summary>Returns the current notices, in display order; none when all is well.</summary>
    public IReadOnlyList<Notice> Read()
    {
        var notices = new List<Notice>();
        var status = journal.Status;
        if (JournalTrouble.Of(status) is { } trouble)
        {
            notices.Add(new("alert", $"{trouble} Senders are told to try again; everything acknowledged is stored.", new("/admin/storage", "Storage")));
        }

        if (limit.Read() is { State: not StorageLimitState.Within } storage)
        {
            notices.Add(new("status", storage.Summary));
        }

        if (RebuildNotice.Of(status) is { } rebuild)
        {
            notices.Add(new("status", rebuild));
        }

        if (losses.Read() is { } lost)
        {
            notices.Add(new("status", lost, new("/resources", "Resources")));
        }

        return notices;
    }
}
