using PerfPortal.Domain.Journal;
using PerfPortal.Domain.Models.Health;
using PerfPortal.Domain.Operations;

namespace PerfPortal.Server.Models;

/// <summary>
/// Tells the monitor which models are used, so that they are checked sooner: those that operations of the type model operation of this host name, by their name or by the fact <c>model</c>.
/// </summary>
/// <param name="host">The source under which this host reports.</param>
internal sealed class ModelUseListener(string host) : ICommitListener
{
    private const int MaxNoted = 100;
    private const string ModelFact = "model";

    private volatile ModelHealthMonitor? _monitor;

    /// <summary>Begins to tell a monitor. The monitor reports to the journal, so it does not exist before that is open.</summary>
    public void Attach(ModelHealthMonitor monitor) => _monitor = monitor;

    /// <inheritdoc/>
    public void OnCommitted(CommitNotice notice)
    {
        if (_monitor is not { } monitor)
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
            monitor.NoteUse(name);
        }
    }
}
