using Microsoft.Extensions.Logging;

namespace PerfPortal.Domain.Journal;

/// <content>Removing sources. The removal waits in the queue like a report, so that what was reported before it is removed and what is reported after it stays.</content>
public sealed partial class OperationJournal
{
    private const int HideAttempts = 3;

    private readonly Dictionary<int, Deletion> _deletions = [];
    private Removal? _removal;

    // Set at the start too: the last process may have ended before it was done.
    private bool _isDeleting;

    /// <summary>Removes everything that a source has reported before, and completes when all readers answer as if it had never reported.</summary>
    /// <returns>The removal, or <see langword="null"/> when the source has reported nothing.</returns>
    /// <exception cref="JournalUnavailableException">The store cannot be written, or the portal is stopping; nothing is removed unless
    /// <see cref="JournalUnavailableException.IsOutcomeKnown"/> is <see langword="false"/>.</exception>
    /// <exception cref="NotSupportedException">The store cannot remove sources.</exception>
    public async Task<SourceRemoval?> RemoveSourceAsync(string source, CancellationToken cancellationToken)
    {
        if (_sources is null)
        {
            throw new NotSupportedException("The store cannot remove sources.");
        }

        var removal = new Removal(source);
        var submission = new Submission([], null) { Removal = removal };
        if (_failure is not null || !TryEnqueue(submission))
        {
            throw new JournalUnavailableException(_closed ? "The portal is stopping." : WhyAway + " Nothing was removed.", RetryAfterAway);
        }

        var done = removal.Done.Task;
        if (!await CompletesAsync(done, AcknowledgementTimeout, cancellationToken).ConfigureAwait(false))
        {
            if (submission.TryWithdraw())
            {
                cancellationToken.ThrowIfCancellationRequested();
                throw new JournalUnavailableException(WhyAway + " Nothing was removed.", RetryAfterAway);
            }

            if (!await CompletesAsync(done, RunningCommitTimeout, CancellationToken.None).ConfigureAwait(false))
            {
                throw OutcomeUnknown(done);
            }
        }

        return await done.ConfigureAwait(false);
    }

    /// <summary>Hides the source of the removal that the queue has led to.</summary>
    private async Task RemoveAsync(CancellationToken cancellationToken)
    {
        if (_removal is not { } removal)
        {
            return;
        }

        _removal = null;
        try
        {
            // What is pending of the source would be stored under its name again.
            await FlushAsync(cancellationToken).ConfigureAwait(false);
            if (_rollups.HasPending || _mustRebuild)
            {
                throw new JournalUnavailableException(WhyAway + " Nothing was removed.", RetryAfterAway);
            }

            var hidden = await HideAsync(removal.Source, cancellationToken).ConfigureAwait(false);
            removal.Done.TrySetResult(hidden is { } found ? Removed(removal.Source, found) : null);
        }
        catch (Exception exception)
        {
            removal.Done.TrySetException(exception);
            if (cancellationToken.IsCancellationRequested)
            {
                throw;
            }
        }
    }

    private async Task<HiddenSource?> HideAsync(string source, CancellationToken cancellationToken)
    {
        for (int attempt = 1; ; attempt++)
        {
            try
            {
                var hidden = default(HiddenSource);
                await CallStoreAsync(async () => hidden = await _sources!.HideSourceAsync(source, cancellationToken).ConfigureAwait(false)).ConfigureAwait(false);

                // After an uncertain attempt an unknown source is one that this attempt has hidden.
                return hidden is { Number: null, Running: 0 } && attempt == 1 ? null : hidden;
            }
            catch (UncertainCommitException) when (attempt < HideAttempts)
            {
                // Hiding it again decides.
            }
        }
    }

    private SourceRemoval Removed(string source, HiddenSource hidden)
    {
        _rollups.ForgetAll();
        _names?.ForgetSource(source);
        foreach (var listener in _sourceListeners)
        {
            try
            {
                listener.OnSourceRemoved(source);
            }
            catch (Exception exception)
            {
                _logger.LogError(exception, "{Listener} failed to forget a source.", listener.GetType().Name);
            }
        }

        _isDeleting = true;
        if (hidden.Number is not { } number)
        {
            return new(hidden.Running, Task.FromResult(default(DeletedData)));
        }

        var deletion = new Deletion();
        _deletions[number] = deletion;
        return new(hidden.Running, deletion.Done.Task);
    }

    /// <summary>Deletes some data of removed sources.</summary>
    private async Task DeleteStepAsync(CancellationToken cancellationToken)
    {
        try
        {
            SourceDeletion? step = null;
            await CallStoreAsync(async () => step = await _sources!.DeleteHiddenAsync(cancellationToken).ConfigureAwait(false)).ConfigureAwait(false);
            Recovered(ref _flushFailure);
            if (step is { } done)
            {
                Note(done);
            }
            else
            {
                _isDeleting = false;
            }
        }
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
        {
            if (exception is UncertainCommitException || _store.IsTransient(exception))
            {
                Failed(ref _flushFailure, exception);
                return;
            }

            _isDeleting = false;
            _logger.LogError(exception, "The data of a removed source could not be deleted. It stays hidden, and the next start tries again.");
            foreach (var deletion in _deletions.Values)
            {
                deletion.Done.TrySetException(exception);
            }

            _deletions.Clear();
        }
    }

    private void Note(SourceDeletion step)
    {
        if (step.Names.Count > 0)
        {
            _names?.ForgetNames(step.Names);
        }

        if (_deletions.TryGetValue(step.Number, out var deletion))
        {
            deletion.Data = new(deletion.Data.Operations + step.Operations, deletion.Data.Samples + step.Samples) { Names = step.Names };
            if (step.IsDone)
            {
                _deletions.Remove(step.Number);
                deletion.Done.TrySetResult(deletion.Data);
            }
        }
    }

    /// <summary>A source to be removed.</summary>
    private sealed record Removal(string Source)
    {
        public TaskCompletionSource<SourceRemoval?> Done { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }

    /// <summary>The data of a removed source that is being deleted.</summary>
    private sealed class Deletion
    {
        public TaskCompletionSource<DeletedData> Done { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public DeletedData Data { get; set; }
    }
}
