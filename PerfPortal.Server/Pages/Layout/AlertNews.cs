using PerfPortal.Domain.Alerts;

namespace PerfPortal.Server.Pages.Layout;

/// <summary>
/// Finds what a reader has not been told yet: each alert once when it fires and once when it resolves. Alerts that fired before the page was opened are not news, and neither are muted ones.
/// Not thread-safe.
/// </summary>
internal sealed class AlertNews
{
    private HashSet<string>? _known;

    /// <summary>Returns the alerts that began to fire or resolved since the last call; none on the first call.</summary>
    public IReadOnlyList<Alert> Take(AlertBook book)
    {
        var active = book.Current.Where(alert => alert.State.IsActive() && alert.MutedBy is null).ToList();
        if (_known is null)
        {
            _known = [.. active.Select(alert => alert.Id)];
            return [];
        }

        var news = active.Where(alert => !_known.Contains(alert.Id) && alert.Acknowledged is null).ToList();

        // Who was told that it fires is told that it is over, muted or not.
        news.AddRange(book.Resolved.Where(alert => _known.Contains(alert.Id)));
        _known.UnionWith(active.Select(alert => alert.Id));
        _known.ExceptWith(book.Resolved.Select(alert => alert.Id));
        return news;
    }
}
