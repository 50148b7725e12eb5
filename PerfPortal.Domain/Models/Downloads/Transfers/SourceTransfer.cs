using PerfPortal.Domain.Models.Downloads.Errors;
using PerfPortal.Domain.Models.Downloads.Files;
using PerfPortal.Domain.Models.Downloads.Ranges;
using PerfPortal.Domain.Models.Downloads.Transport;
using PerfPortal.Domain.Models.Files;
using PerfPortal.Domain.Text;

namespace PerfPortal.Domain.Models.Downloads.Transfers;

/// <summary>Loads one file from one server, verifies and places it.</summary>
internal sealed class SourceTransfer
{
    private const int MaxRestarts = 3;
    private const int MaxMismatches = 2;
    private readonly TransferSpec _spec;
    private readonly TransferSource _source;
    private readonly TransferContext _context;
    private readonly TransferFigures _figures;
    private readonly RetryPolicy _policy;
    private readonly RetryState _retry = new();
    private readonly SourceReader _reader;
    private readonly HostLimit _host;
    private int _mismatches;
    private int _mismatchEntry = -1;
    private bool _patches;

    /// <summary>Prepares the transfer.</summary>
    public SourceTransfer(TransferSpec spec, TransferSource source, TransferContext context, RetryLimits limits, TransferFigures figures)
    {
        _spec = spec;
        _source = source;
        _context = context;
        _figures = figures;
        _policy = new(context.Advice, limits, context.RetryLog, figures, context.Time, context.Random, context.Logger);
        _reader = new(context.Client, source, spec.Label, spec.Size);
        _host = context.Hosts.Of(source.Uri);
    }

    /// <summary>Runs it.</summary>
    /// <exception cref="DownloadException">The file could not be loaded from this server.</exception>
    public async Task<TransferOutcome> RunAsync(CancellationToken cancellationToken)
    {
        for (int restarts = 0; ;)
        {
            try
            {
                if (await LoadAsync(cancellationToken).ConfigureAwait(false) is { } outcome)
                {
                    return outcome;
                }
            }
            catch (StartAgainException again)
            {
                if (++restarts > MaxRestarts)
                {
                    throw new DownloadException(DownloadErrorCategory.Integrity, $"{_spec.Label} was started again {MaxRestarts} times, the last time because {again.Message}.");
                }

                CountAgain(again);
                _reader.HasRanges &= !again.WithoutRanges;
                string sentence = _patches
                    ? $"{_spec.Label} is loaded whole, because the damaged bytes alone do not repair it: {again.Message}."
                    : $"{_spec.Label} was started again because {again.Message}.";
                _figures.Note(sentence);
                _context.Logger?.LogStartAgain(sentence);
            }
        }
    }

    /// <summary>Loads the file once; returns <see langword="null"/> when it has to be loaded again after a failure without ranges.</summary>
    private async Task<TransferOutcome?> LoadAsync(CancellationToken cancellationToken)
    {
        var state = PartState.TryResume(_spec, _source, _context);
        _patches = state is { IsPatch: true };
        SourceBody? body = null;
        DownloadException? failure = null;
        try
        {
            if (state is null)
            {
                body = await BeginAsync(cancellationToken).ConfigureAwait(false);
                if (IsThere(body))
                {
                    return new(body.Total!.Value, null, false, true);
                }

                state = PartState.Create(_spec, _source, _context, body);
            }

            _figures.SetSize(state.Book.Size);
            _figures.SetDone(state.Book.Done);
            failure = await FillAsync(state, body, cancellationToken).ConfigureAwait(false);
            if (failure is null)
            {
                return await FinishAsync(state, cancellationToken).ConfigureAwait(false);
            }

            Discard(state);
        }
        catch (StartAgainException)
        {
            Discard(state);
            throw;
        }
        catch (Exception) when (state is not null)
        {
            Keep(state);
            throw;
        }
        finally
        {
            body?.Dispose();
            if (state is not null)
            {
                await state.DisposeAsync().ConfigureAwait(false);
            }
        }

        await _policy.WaitAsync(failure, _retry, 0, _host, cancellationToken).ConfigureAwait(false);
        return null;
    }

    /// <summary>Sends the first request, again if need be.</summary>
    private async Task<SourceBody> BeginAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            using var stall = new StallGuard(_context.Advice.StallTimeout, _context.Time, _figures, cancellationToken);
            try
            {
                stall.Suspend();
                await _policy.WaitForHostAsync(_retry, _host, cancellationToken).ConfigureAwait(false);
                stall.Arm();
                var body = await _reader.OpenAsync(FirstLength(), stall.Token).ConfigureAwait(false);
                stall.Answered();
                _policy.Succeed(_retry);
                if (!body.IsRange || body.End == body.Total || body.Version.IsKnown || _spec.HasHash)
                {
                    return body;
                }

                // Nothing would tell one version from another.
                body.Dispose();
                _reader.HasRanges = false;
            }
            catch (OperationCanceledException) when (stall.IsStalled && !cancellationToken.IsCancellationRequested)
            {
                await _policy.WaitAsync(stall.Failure(_reader.Host), _retry, 0, _host, cancellationToken).ConfigureAwait(false);
            }
            catch (DownloadException exception)
            {
                await _policy.WaitAsync(exception, _retry, 0, _host, cancellationToken).ConfigureAwait(false);
            }
        }
    }

    /// <summary>What the first request asks for: all, or as much as leaves something for the other connections.</summary>
    private long? FirstLength() => _context.Slots.Count == 1 || _spec.Size <= RangeBook.MinPiece ? null
        : _spec.Size is { } size ? RangeBook.PieceOf(size, size, _context.Slots.Count)
        : RangeBook.MinPiece;

    /// <summary>Whether the file is there in the version that the server has, as far as size and time tell; they do not tell of damage.</summary>
    private bool IsThere(SourceBody body) => !_spec.HasHash && !_spec.IsRepair && body is { Total: { } total, Version.LastModified: { } modified }
        && RegularFile.Exists(_spec.Path) && new FileInfo(_spec.Path) is { Exists: true } file && file.Length == total && file.LastWriteTimeUtc == modified.UtcDateTime;

    /// <summary>Loads the bytes. Returns the failure after which the file, which cannot be continued, has to be loaded again.</summary>
    private async Task<DownloadException?> FillAsync(PartState state, SourceBody? body, CancellationToken cancellationToken)
    {
        if (state.Book.IsComplete)
        {
            return null;
        }

        if (state.CanResume)
        {
            await new RangeWorkers(state, _reader, _context, _figures, _policy, _host).RunAsync(body, cancellationToken).ConfigureAwait(false);
            return null;
        }

        using var stall = new StallGuard(_context.Advice.StallTimeout, _context.Time, _figures, cancellationToken);
        _figures.IsUndivided = true;
        _context.Slots.TakeFirst();
        _figures.AddConnection(1);
        try
        {
            await new BodyCopier(state, _context, _figures, _host).CopyAsync(body!, state.Book.TakeFrom(0, body!.Total ?? long.MaxValue), stall).ConfigureAwait(false);
            state.Book.Close();
            _figures.SetSize(state.Book.Size);
            return null;
        }
        catch (OperationCanceledException) when (stall.IsStalled && !cancellationToken.IsCancellationRequested)
        {
            return stall.Failure(_reader.Host);
        }
        catch (DownloadException exception) when (exception.IsTransient)
        {
            return exception;
        }
        catch (Exception exception) when (HttpErrors.IsConnection(exception))
        {
            return HttpErrors.Of(exception, _reader.Uri);
        }
        finally
        {
            _figures.AddConnection(-1);
            _context.Slots.Return();
        }
    }

    private async Task<TransferOutcome> FinishAsync(PartState state, CancellationToken cancellationToken)
    {
        long size = state.Book.Size!.Value;
        if (_spec.Size is { } expected && size != expected)
        {
            throw Mismatch($"it has {Format.Count(size)} bytes instead of {Format.Count(expected)}");
        }

        var hashes = await HashAsync(state, size, cancellationToken).ConfigureAwait(false);
        if (_spec.Sha256 is { } sha256 && hashes.Sha256 != sha256)
        {
            throw Mismatch($"its SHA-256 is {hashes.Sha256} instead of {sha256}");
        }

        if (_spec.GitSha1 is { } git && hashes.GitSha1 != git)
        {
            throw Mismatch($"its Git id is {hashes.GitSha1} instead of {git}");
        }

        state.Place(size);
        _context.RetryLog.End(_mismatchEntry, isOk: true);
        _context.Space.Settle(_spec.Path);
        return new(size, hashes.Sha256, _spec.HasHash, false);
    }

    private async Task<ContentHashes> HashAsync(PartState state, long size, CancellationToken cancellationToken)
    {
        try
        {
            var hashes = await state.Hasher.FinishAsync(size, cancellationToken).ConfigureAwait(false);

            // Git hashes the size first, which was not known.
            return _spec.GitSha1 is null || hashes.GitSha1 is not null ? hashes : await ContentHasher.HashAsync(state.Part.Handle, withGit: true, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception exception) when (DiskErrors.IsDisk(exception))
        {
            throw DiskErrors.Of(exception, PartFile.PathOf(_spec.Path));
        }
    }

    /// <summary>A wrong content is loaded once more; the second time it is what the server has.</summary>
    private Exception Mismatch(string reason)
    {
        if (++_mismatches < MaxMismatches)
        {
            return new StartAgainException(reason) { IsMismatch = true };
        }

        _context.RetryLog.End(_mismatchEntry, isOk: false);
        return new DownloadException(DownloadErrorCategory.Integrity, $"{_spec.Label} from {_reader.Host} is not the expected file: {reason}.");
    }

    /// <summary>Loading a file again is a retry, whatever the reason; how it ends after a wrong content says whether that helps.</summary>
    private void CountAgain(StartAgainException again)
    {
        if (again.IsMismatch)
        {
            _mismatchEntry = _context.RetryLog.Begin(DownloadErrorCategory.Integrity, TimeSpan.Zero);
        }
        else
        {
            _context.RetryLog.Again();
        }
    }

    private void Discard(PartState? state)
    {
        if (state is not null)
        {
            // What was copied, or loaded by an earlier run, was not received now.
            _figures.AddWasted(Math.Min(state.Book.Done, Math.Max(0, _figures.Received - _figures.Wasted)));
            _figures.SetDone(0);
            state.Discard();
        }
    }

    private void Keep(PartState state)
    {
        if (state.CanResume && state.Book.Done > 0 && !(state.Book.IsComplete && _mismatches > 0))
        {
            state.Save();
        }
        else
        {
            Discard(state);
        }
    }
}
