using PerfPortal.Domain.Operations;
using PerfPortal.Server.Views;

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

    /// <summary>Whether nothing but the portal and its host has ever reported, as far as their operations are remembered: the first steps are still to be shown.</summary>
    bool IsNew() => Sources().All(source => source == HostSource.Name);

    /// <summary>Whether an operation is one of those by which the portal itself looks after the models of its host.</summary>
    /// <param name="type">Its type.</param>
    /// <param name="source">Its source.</param>
    /// <param name="name">Its name.</param>
    bool IsPortals(MetricType type, string source, string name) => false;
}
