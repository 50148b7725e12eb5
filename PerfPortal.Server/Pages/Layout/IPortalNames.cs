namespace PerfPortal.Server.Pages.Layout;

/// <summary>Lists the sources and operation names for the top bar and the command palette.</summary>
public interface IPortalNames
{
    /// <summary>Returns the names of all sources that have reported, in display order.</summary>
    IReadOnlyList<string> Sources();

    /// <summary>Returns the operation names that contain a text, ignoring case, in display order.</summary>
    /// <param name="text">The text.</param>
    /// <param name="max">The largest number of names returned; 0 or more.</param>
    IReadOnlyList<string> Names(string text, int max);
}
