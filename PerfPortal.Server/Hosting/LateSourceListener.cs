using PerfPortal.Domain.Journal;

namespace PerfPortal.Server.Hosting;

/// <summary>Passes removals of sources on to a listener that itself depends on the journal, and so is created after it.</summary>
internal sealed class LateSourceListener(Func<ISourceListener> find) : ISourceListener
{
    public void OnSourceRemoved(string source) => find().OnSourceRemoved(source);
}
