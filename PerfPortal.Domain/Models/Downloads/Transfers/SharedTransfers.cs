using PerfPortal.Domain.Models.Downloads.Files;

namespace PerfPortal.Domain.Models.Downloads.Transfers;

/// <summary>
/// Lets callers who want the same file at the same path share one transfer, which is cancelled when the last one does not want it any more. Another file for the same path waits for
/// its turn. Thread-safe; bounded by the transfers that run.
/// </summary>
internal sealed class SharedTransfers
{
    private readonly Lock _lock = new();
    private readonly Dictionary<string, Shared> _running = new(SafePath.Comparer);

    /// <summary>Runs a transfer, or joins the one that runs.</summary>
    /// <param name="spec">The file.</param>
    /// <param name="context">What a new transfer gets.</param>
    /// <param name="figures">The figures of a new transfer.</param>
    /// <param name="attach">Gets the figures of the transfer.</param>
    /// <param name="cancellationToken">Says that this caller does not want it any more.</param>
    public async Task<TransferOutcome> RunAsync(
        TransferSpec spec, TransferContext context, TransferFigures figures, Action<TransferFigures> attach, CancellationToken cancellationToken)
    {
        while (true)
        {
            var (shared, isJoined) = Join(spec, context, figures);
            if (!isJoined)
            {
                await ((Task)shared.Task).WaitAsync(cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                cancellationToken.ThrowIfCancellationRequested();
                continue;
            }

            attach(shared.Figures);
            try
            {
                return await shared.Task.WaitAsync(cancellationToken).ConfigureAwait(false);
            }
            finally
            {
                await LeaveAsync(shared).ConfigureAwait(false);
            }
        }
    }

    private (Shared Shared, bool IsJoined) Join(TransferSpec spec, TransferContext context, TransferFigures figures)
    {
        lock (_lock)
        {
            if (_running.TryGetValue(spec.Path, out var running))
            {
                bool isSame = running.Callers > 0 && running.Source == spec.Sources[0].Uri && running.Sha256 == spec.Sha256 && (running.IsRepair || !spec.IsRepair);
                running.Callers += isSame ? 1 : 0;
                return (running, isSame);
            }

            var shared = new Shared(spec, figures) { Callers = 1 };
            _running.Add(spec.Path, shared);
            shared.Task = Task.Run(() => RunOneAsync(shared, spec, context), CancellationToken.None);
            return (shared, true);
        }
    }

    private async Task<TransferOutcome> RunOneAsync(Shared shared, TransferSpec spec, TransferContext context)
    {
        try
        {
            return await FileTransfer.RunAsync(spec, context, shared.Figures, shared.Cancellation.Token).ConfigureAwait(false);
        }
        finally
        {
            lock (_lock)
            {
                _running.Remove(spec.Path);
            }
        }
    }

    private async Task LeaveAsync(Shared shared)
    {
        bool isLast;
        lock (_lock)
        {
            isLast = --shared.Callers == 0;
        }

        if (isLast)
        {
            // The file is closed when the caller goes on.
            await shared.Cancellation.CancelAsync().ConfigureAwait(false);
            await ((Task)shared.Task).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            shared.Dispose();
        }
    }

    private sealed class Shared(TransferSpec spec, TransferFigures figures) : IDisposable
    {
        public Uri Source { get; } = spec.Sources[0].Uri;

        public string? Sha256 { get; } = spec.Sha256;

        public bool IsRepair { get; } = spec.IsRepair;

        public TransferFigures Figures { get; } = figures;

        public CancellationTokenSource Cancellation { get; } = new();

        public int Callers { get; set; }

        public Task<TransferOutcome> Task { get; set; } = null!;

        public void Dispose() => Cancellation.Dispose();
    }
}
