namespace PerfPortal.Domain.Journal;

/// <summary>Keeps something of sources in memory, and forgets it when one is removed.</summary>
public interface ISourceListener
{
    /// <summary>Forgets a source. Called on the journal's thread, between two commits; must return quickly and never throw.</summary>
    void OnSourceRemoved(string source);
}
