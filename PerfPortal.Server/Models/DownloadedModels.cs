using System.Threading.Channels;
using PerfPortal.Domain.Journal;
using PerfPortal.Domain.Operations;

namespace PerfPortal.Server.Models;

/// <summary>The names of downloads of this host that are complete, so that their models are searched and checked at once instead of at the next search.</summary>
/// <param name="host">The source under which this host reports.</param>
internal sealed class DownloadedModels(string host) : ICommitListener
{
    private const int Capacity = 1_000;

    // Beyond the capacity the schedule finds them.
    private readonly Channel<string> _names = Channel.CreateBounded<string>(new BoundedChannelOptions(Capacity) { FullMode = BoundedChannelFullMode.DropWrite });

    /// <summary>The names, in the order of completion.</summary>
    public ChannelReader<string> Names => _names.Reader;

    /// <inheritdoc/>
    public void OnCommitted(CommitNotice notice)
    {
        foreach (var operation in notice.Ended)
        {
            if (operation.MetricType == MetricType.DownloadOperation && operation.Status == OperationStatus.Succeeded && operation.Source == host)
            {
                _names.Writer.TryWrite(operation.Name);
            }
        }
    }
}
