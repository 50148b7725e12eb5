namespace PerfPortal.Server.Pages.Layout;

/// <summary>The sources that can be chosen at the top of every page.</summary>
public interface ISourceList
{
    /// <summary>The names of the sources that have reported, in the order in which they are offered.</summary>
    IReadOnlyList<string> List();
}

/// <summary>No source has reported.</summary>
internal sealed class NoSources : ISourceList
{
    public IReadOnlyList<string> List() => [];
}
