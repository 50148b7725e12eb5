using System.Buffers;
using Microsoft.Win32.SafeHandles;
using PerfPortal.Domain.Models.Downloads.Errors;
using PerfPortal.Domain.Models.Downloads.Files;
using PerfPortal.Domain.Models.Downloads.Ranges;
using PerfPortal.Domain.Models.Downloads.Transport;
using PerfPortal.Domain.Models.Files;
using PerfPortal.Domain.Text;

namespace PerfPortal.Domain.Models.Downloads.Transfers;

/// <summary>
/// Prepares the repair of a file that is there: what is right of it is copied into the part file, and the journal says that only the rest is missing. From there on it is an interrupted download that
/// is continued, so the damaged file stays where it is until the copy has the expected hash.
/// </summary>
internal static class PatchDraft
{
    private const int Piece = 1 << 20;

    /// <summary>Prepares it, unless the whole file is to be loaded, or an earlier repair has begun it.</summary>
    /// <exception cref="DownloadException">The copy does not fit, or cannot be written.</exception>
    public static async Task PrepareAsync(TransferSpec spec, TransferContext context, TransferFigures figures, CancellationToken cancellationToken)
    {
        if (spec.Damage.Count == 0 || !spec.HasHash || spec.Size is not { } size)
        {
            return;
        }

        using var damaged = TryOpen(spec.Path);
        if (damaged is null)
        {
            figures.Note($"{spec.Label} is loaded whole, because the damaged file is not there or cannot be read.");
            return;
        }

        var missing = new RangeSet(spec.Damage);
        missing.Add(new(RandomAccess.GetLength(damaged), size));
        if (missing.Total < size && !IsBegun(spec, size, missing.Total, context))
        {
            await CopyAsync(damaged, spec, size, missing, context, figures, cancellationToken).ConfigureAwait(false);
            figures.Note($"Of {spec.Label}, {Format.Bytes(missing.Total)} of {Format.Bytes(size)} are loaded; the rest is copied from the damaged file.");
        }
    }

    /// <summary>Deletes a copy to which nothing was added, or that no server can repair: it takes room in vain.</summary>
    public static void DiscardUseless(TransferSpec spec, Exception failure)
    {
        try
        {
            if (spec.Damage.Count > 0 && PartJournal.Read(spec.Path, null) is { IsPatch: true } record && record.Read() is { } ranges
                && (failure is DownloadException { Category: DownloadErrorCategory.Integrity } || record.Size - new RangeSet(ranges).Total >= (record.PatchBytes ?? spec.Damage.Sum(range => range.Length))))
            {
                PartFile.DeleteIfUnused(spec.Path);
                PartJournal.Delete(spec.Path);
            }
        }
        catch (DownloadException)
        {
            // The next attempt replaces it.
        }
    }

    private static SafeFileHandle? TryOpen(string path)
    {
        try
        {
            return RegularFile.OpenRead(path, FileOptions.SequentialScan);
        }
        catch (Exception exception) when (DiskErrors.IsDisk(exception))
        {
            return null;
        }
    }

    /// <summary>Whether an earlier attempt left no more to load, or something was added to its copy, to which the disk may have given less than is known to be right.</summary>
    private static bool IsBegun(TransferSpec spec, long size, long missing, TransferContext context) =>
        PartJournal.Read(spec.Path, context.Logger) is { } record && record.Size == size && record.Read() is { } ranges && RegularFile.Exists(PartFile.PathOf(spec.Path))
        && size - new RangeSet(ranges).Total is var left && (left <= missing || (record.IsPatch && left < record.PatchBytes));

    private static async Task CopyAsync(
        SafeFileHandle damaged, TransferSpec spec, long size, RangeSet missing, TransferContext context, TransferFigures figures, CancellationToken cancellationToken)
    {
        PartFile.DeleteIfUnused(spec.Path);
        PartJournal.Delete(spec.Path);
        context.Space.Need(spec.Path, size);
        context.Space.Check();
        var (part, isReserved) = PartState.Reserve(spec.Path, size, context.FreeBytes);
        try
        {
            using (part)
            {
                figures.SetSize(size);
                await CopyAsync(damaged, part, missing, size, figures, cancellationToken).ConfigureAwait(false);
                Note(spec, size, missing, isReserved);
            }
        }
        catch (Exception)
        {
            // Nothing says what is in it, so that it would only take room.
            figures.SetDone(0);
            Delete(spec.Path);
            throw;
        }

        context.Space.Need(spec.Path, isReserved ? 0 : missing.Total);
    }

    private static async Task CopyAsync(SafeFileHandle damaged, PartFile part, RangeSet missing, long size, TransferFigures figures, CancellationToken cancellationToken)
    {
        figures.SetDone(0);
        byte[] buffer = ArrayPool<byte>.Shared.Rent(Piece);
        try
        {
            foreach (var range in missing.Missing(size).Ranges.ToArray())
            {
                for (long at = range.Start; at < range.End; at += Piece)
                {
                    // Gives the thread free now and then, and ends soon when cancelled.
                    await Task.Yield();
                    cancellationToken.ThrowIfCancellationRequested();
                    int wanted = (int)Math.Min(Piece, range.End - at);
                    int read = Read(damaged, buffer.AsSpan(0, wanted), at);
                    part.Write(buffer.AsSpan(0, read), at);
                    figures.AddDone(read);
                    missing.Add(new(at + read, at + wanted));
                }
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private static void Note(TransferSpec spec, long size, RangeSet missing, bool isReserved) => PartJournal.Write(spec.Path, new()
    {
        Url = SafeUrl.ForReports(spec.Sources[0].Uri),
        Size = size,
        Boot = BootId.Current,
        IsReserved = isReserved,
        IsPatch = true,
        PatchBytes = missing.Total,
        Ranges = [.. missing.Missing(size).Ranges.SelectMany(range => new[] { range.Start, range.End })],
    });

    private static void Delete(string path)
    {
        try
        {
            PartFile.Delete(path);
            PartJournal.Delete(path);
        }
        catch (DownloadException)
        {
            // The next attempt replaces it.
        }
    }

    /// <summary>Reads as much as there is. What the disk does not give any more has to be loaded too.</summary>
    private static int Read(SafeFileHandle file, Span<byte> buffer, long position)
    {
        int done = 0;
        try
        {
            while (done < buffer.Length && RandomAccess.Read(file, buffer[done..], position + done) is > 0 and var read)
            {
                done += read;
            }
        }
        catch (Exception exception) when (DiskErrors.IsDisk(exception))
        {
            return done;
        }

        return done;
    }
}
