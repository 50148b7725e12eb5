using Microsoft.Extensions.Logging;
using PerfPortal.Domain.Operations;

namespace PerfPortal.Domain.Journal;

/// <content>
/// Rebuilding minutes from their rows, in steps between two commits of the journal. Operations that end in a minute that waits for it are not added: their rows are
/// stored, its rebuild counts them, and until then its figures are incomplete. The newest hours come first.
/// </content>
public sealed partial class RollupBuffer
{
    private const int MaxStepHours = 6;
    private static readonly TimeSpan ShortStep = TimeSpan.FromMilliseconds(250);

    private readonly SortedSet<long> _stale = [];
    private int _stepHours = 1;

    /// <summary>The number of minutes that wait to be rebuilt; their figures are incomplete.</summary>
    public int StaleMinutes
    {
        get
        {
            lock (_lock)
            {
                return _stale.Count;
            }
        }
    }

    /// <summary>Marks minutes whose rollups must be rebuilt from their rows. Nothing may be pending for them.</summary>
    public void MarkStale(IReadOnlyCollection<long> minutes)
    {
        lock (_lock)
        {
            _stale.UnionWith(minutes);
        }
    }

    /// <summary>
    /// Discards the pending rollups and marks the dirty minutes as stale. Used when the result of a commit is unknown. Nothing is lost, because the rows of pending
    /// rollups are stored and their minutes are dirty. Called by the journal's writer between two commits.
    /// </summary>
    public async Task RebuildDirtyAsync(IJournalStore store, CancellationToken cancellationToken)
    {
        var dirty = await store.ReadDirtyMinutesAsync(cancellationToken).ConfigureAwait(false);
        lock (_lock)
        {
            _stale.UnionWith(dirty);
            _pending = new();
        }
    }

    /// <summary>Rebuilds stale minutes until none is left or the time is over, at least one step.</summary>
    public async Task RebuildAsync(IJournalStore store, TimeSpan limit, CancellationToken cancellationToken)
    {
        long started = _time.GetTimestamp();
        do
        {
            await RebuildStepAsync(store, cancellationToken).ConfigureAwait(false);
        }
        while (StaleMinutes > 0 && _time.GetElapsedTime(started) < limit);
    }

    /// <summary>
    /// Rebuilds the stale minutes of the newest hours: of one hour, and of up to six while a step takes less than a quarter of a second. Called by the journal's writer
    /// between two commits. Minutes that cannot be rebuilt stay dirty for the next start.
    /// </summary>
    public async Task RebuildStepAsync(IJournalStore store, CancellationToken cancellationToken)
    {
        // Rebuilding a minute also rebuilds every corrupt minute of its hour, which what is pending would be added to again.
        await FlushAsync(store, cancellationToken).ConfigureAwait(false);
        await _gate.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            var minutes = NextStep();
            if (minutes.Count == 0)
            {
                return;
            }

            long started = _time.GetTimestamp();
            await StoreStepAsync(store, minutes, cancellationToken).ConfigureAwait(false);
            _stepHours = _time.GetElapsedTime(started) < ShortStep ? Math.Min(_stepHours * 2, MaxStepHours) : 1;
            Settle(minutes);
        }
        finally
        {
            _gate.Release();
        }
    }

    private async Task StoreStepAsync(IJournalStore store, List<long> minutes, CancellationToken cancellationToken)
    {
        try
        {
            await store.RebuildRollupsAsync(minutes, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception exception) when (!store.IsTransient(exception) && !cancellationToken.IsCancellationRequested)
        {
            Interlocked.Add(ref _unwritable, minutes.Count);
            _logger.LogError(exception, "The figures of {Minutes} minutes cannot be rebuilt; they are incomplete until the next startup.", minutes.Count);
        }
    }

    private List<long> NextStep()
    {
        lock (_lock)
        {
            var minutes = new List<long>();
            int hours = 0;
            long last = long.MinValue;
            foreach (long minute in _stale.Reverse())
            {
                long hour = RollupBuckets.HourOf(minute);
                hours += hour == last ? 0 : 1;
                if (hours > _stepHours)
                {
                    break;
                }

                last = hour;
                minutes.Add(minute);
            }

            minutes.Reverse();
            return minutes;
        }
    }

    private void Settle(List<long> minutes)
    {
        var changed = new PendingRollups();
        foreach (long minute in minutes)
        {
            changed.Of(minute, default);
        }

        lock (_lock)
        {
            _stale.ExceptWith(minutes);
            Forget(changed.Pages());
            if (_stale.Count == 0)
            {
                _logger.LogInformation("All figures are complete again.");
            }
        }
    }

    private bool IsStale(Operation operation) => _stale.Count > 0 && _stale.Contains(RollupBuckets.Of(RollupResolution.Minute, operation.EndTime!.Value));
}
