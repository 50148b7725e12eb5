using PerfPortal.Domain.Models.Downloads.Errors;
using PerfPortal.Domain.Models.Downloads.Files;
using PerfPortal.Domain.Models.Files;

namespace PerfPortal.Domain.Models.Downloads.Transfers;

/// <summary>Loads one file from the first of its addresses that has it; a right file that is there is left alone.</summary>
internal static class FileTransfer
{
    /// <summary>Runs it.</summary>
    /// <exception cref="DownloadException">The file could not be loaded.</exception>
    public static async Task<TransferOutcome> RunAsync(TransferSpec spec, TransferContext context, TransferFigures figures, CancellationToken cancellationToken)
    {
        figures.IsActive = true;
        try
        {
            return await FindOrLoadAsync(spec, context, figures, cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            figures.IsActive = false;
        }
    }

    private static async Task<TransferOutcome> FindOrLoadAsync(TransferSpec spec, TransferContext context, TransferFigures figures, CancellationToken cancellationToken)
    {
        if (await FindAsync(spec, cancellationToken).ConfigureAwait(false) is { } there)
        {
            figures.SetSize(there.Size);
            figures.SetDone(there.Size);
            context.Space.Settle(spec.Path);
            return there;
        }

        try
        {
            await PatchDraft.PrepareAsync(spec, context, figures, cancellationToken).ConfigureAwait(false);
            return await LoadAsync(spec, context, figures, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception failure)
        {
            PatchDraft.DiscardUseless(spec, failure);
            throw;
        }
    }

    private static async Task<TransferOutcome> LoadAsync(TransferSpec spec, TransferContext context, TransferFigures figures, CancellationToken cancellationToken)
    {
        // With mirrors, the next one is tried sooner.
        var limits = context.Retries with { MaxRetries = Math.Max(Math.Min(context.Retries.MaxRetries, 2), context.Retries.MaxRetries / spec.Sources.Count) };
        for (int i = 0; ; i++)
        {
            try
            {
                var outcome = await new SourceTransfer(spec, spec.Sources[i], context, limits, figures).RunAsync(cancellationToken).ConfigureAwait(false);
                figures.SetSize(outcome.Size);
                figures.SetDone(outcome.Size);
                return outcome;
            }
            catch (DownloadException exception) when (exception.Category != DownloadErrorCategory.Disk && i + 1 < spec.Sources.Count)
            {
                string host = spec.Sources[i + 1].Uri.Host;
                figures.Note($"{exception.Message} The mirror {host} was tried.");
                context.Logger?.LogNextSource(spec.Label, host, exception);
            }
        }
    }

    /// <summary>The file that is there, if its hash says that it is the right one.</summary>
    private static async Task<TransferOutcome?> FindAsync(TransferSpec spec, CancellationToken cancellationToken)
    {
        if (!spec.HasHash || !RegularFile.Exists(spec.Path) || new FileInfo(spec.Path) is not { Exists: true } file || (spec.Size ?? file.Length) != file.Length)
        {
            return null;
        }

        try
        {
            var hashes = await ContentHasher.HashAsync(spec.Path, spec.GitSha1 is not null, cancellationToken).ConfigureAwait(false);
            return (spec.Sha256 ?? hashes.Sha256) == hashes.Sha256 && spec.GitSha1 == hashes.GitSha1 ? new(file.Length, hashes.Sha256, true, true) : null;
        }
        catch (Exception exception) when (DiskErrors.IsDisk(exception))
        {
            // It is replaced, if it can be.
            return null;
        }
    }
}
