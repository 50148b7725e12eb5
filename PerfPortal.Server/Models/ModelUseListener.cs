using PerfPortal.Domain.Journal;
using PerfPortal.Domain.Models.Health;
using PerfPortal.Domain.Operations;
using PerfPortal.Server.Views;

namespace PerfPortal.Server.Models;

/// <summary>
/// Tells the monitor which models are used, so that they are checked sooner: those that operations of the type model operation of this host name, by their name or by the fact <c>model</c>.
/// </summary>
internal sealed class ModelUseListener(Func<ModelHealthMonitor> monitor, PortalReadiness readiness, string host) : ICommitListener
{
    private const int MaxNoted = 100;
    private const string ModelFact = "model";

    /// <inheritdoc/>
    public void OnCommitted(CommitNotice notice)
    {
        // The monitor reports to the journal, so it must not be created before that is open.
        if (!readiness.IsReady)
        {
            return;
        }

        HashSet<string>? used = null;
        foreach (var operation in notice.Ended)
        {
            if (operation.MetricType == MetricType.ModelOperation && operation.Source == host && (used is null || used.Count < MaxNoted))
            {
                used ??= new(StringComparer.Ordinal);
                used.Add(operation.Name);
                if (operation.Metadata.TryGet(ModelFact, out var model) && model.Text is { } name)
                {
                    used.Add(name);
                }
            }
        }

        foreach (string name in used ?? [])
        {
            monitor().NoteUse(name);
        }
    }
}
