using System.Threading.Channels;
using PerfPortal.Domain.Journal;
using PerfPortal.Domain.Operations;
using PerfPortal.Domain.Tracking;

namespace PerfPortal.Server.Models;

/// <summary>A complete download.</summary>
/// <param name="Name">Its name, which most models share.</param>
/// <param name="Context">The context of what follows from it.</param>
internal sealed record DownloadedModel(string Name, OperationContext Context);

/// <summary>The downloads of this host that are complete, so that their models are searched and checked at once instead of at the next search.</summary>
/// <param name="host">The source under which this host reports.</param>
internal sealed class DownloadedModels(string host) : ICommitListener
{
    private const int Capacity = 1_000;

    // Beyond the capacity the schedule finds them.
    private readonly Channel<DownloadedModel> _complete = Channel.CreateBounded<DownloadedModel>(new BoundedChannelOptions(Capacity) { FullMode = BoundedChannelFullMode.DropWrite });

    /// <summary>The downloads, in the order of completion.</summary>
    public ChannelReader<DownloadedModel> Complete => _complete.Reader;

    /// <inheritdoc/>
    public void OnCommitted(CommitNotice notice)
    {
        foreach (var operation in notice.Ended)
        {
            if (operation.MetricType == MetricType.DownloadOperation && operation.Status == OperationStatus.Succeeded && operation.Source == host)
            {
                _complete.Writer.TryWrite(new(operation.Name, new(operation.TraceId, parentId: operation.Id.ToString())));
            }
        }
    }
}
