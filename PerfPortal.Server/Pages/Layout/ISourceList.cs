namespace PerfPortal.Server.Pages.Layout;

/// <summary>Lists the sources for the selector in the top bar.</summary>
public interface ISourceList
{
    /// <summary>Returns the names of all sources that have reported, in display order.</summary>
    IReadOnlyList<string> List();
}
