using System.Diagnostics.CodeAnalysis;

namespace PerfPortal.Domain.Journal;

/// <summary>Lets many read or one write, without blocking a thread. A waiting writer goes before new readers.</summary>
[SuppressMessage("Design", "CA1001", Justification = "A semaphore whose wait handle is never asked for holds nothing to dispose of.")]
internal sealed class ReaderWriterGate
{
    private readonly SemaphoreSlim _entrance = new(1, 1);
    private readonly SemaphoreSlim _empty = new(1, 1);
    private readonly Lock _lock = new();
    private int _readers;

    public async Task<IDisposable> EnterReadAsync(CancellationToken cancellationToken)
    {
        await _entrance.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            bool first;
            lock (_lock)
            {
                first = ++_readers == 1;
            }

            if (first)
            {
                // Held on behalf of all readers; free whenever there are none, but for the moment in which the last one leaves.
                await _empty.WaitAsync(CancellationToken.None).ConfigureAwait(false);
            }
        }
        finally
        {
            _entrance.Release();
        }

        return new Exit(LeaveRead);
    }

    public async Task<IDisposable> EnterWriteAsync(CancellationToken cancellationToken)
    {
        await _entrance.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            await _empty.WaitAsync(cancellationToken).ConfigureAwait(false);
        }
        catch
        {
            _entrance.Release();
            throw;
        }

        return new Exit(() =>
        {
            _empty.Release();
            _entrance.Release();
        });
    }

    private void LeaveRead()
    {
        lock (_lock)
        {
            if (--_readers == 0)
            {
                _empty.Release();
            }
        }
    }

    private sealed class Exit(Action leave) : IDisposable
    {
        private Action? _leave = leave;

        public void Dispose() => Interlocked.Exchange(ref _leave, null)?.Invoke();
    }
}
