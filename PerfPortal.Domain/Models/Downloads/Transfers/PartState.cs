using PerfPortal.Domain.Models.Downloads.Errors;
using PerfPortal.Domain.Models.Downloads.Files;
using PerfPortal.Domain.Models.Downloads.Ranges;
using PerfPortal.Domain.Models.Downloads.Transport;

namespace PerfPortal.Domain.Models.Downloads.Transfers;

/// <summary>What there is of a file: the part file, which bytes are in it, of which version, and their hash so far.</summary>
internal sealed class PartState : IAsyncDisposable
{
    private readonly TransferSpec _spec;
    private readonly string _url;
    private readonly PartRecord? _begun;
    private bool _isGone;

    private PartState(TransferSpec spec, string url, PartFile part, RangeBook book, FileVersion? version, bool isReserved, bool canResume, PartRecord? begun = null)
    {
        _spec = spec;
        _url = url;
        Part = part;
        Book = book;
        Version = version;
        IsReserved = isReserved;
        CanResume = canResume;
        _begun = begun;
        Hasher = new(part.Handle, () => book.Prefix, spec.GitSha1 is null ? null : book.Size);
    }

    /// <summary>The file.</summary>
    public PartFile Part { get; }

    /// <summary>Which bytes are in it.</summary>
    public RangeBook Book { get; }

    /// <summary>The hash so far.</summary>
    public ContentHasher Hasher { get; }

    /// <summary>The version; <see langword="null"/> when parts of any version may be joined, because a hash decides.</summary>
    public FileVersion? Version { get; }

    /// <summary>Whether the file system has set aside the room for the whole file.</summary>
    public bool IsReserved { get; }

    /// <summary>Whether what is there can be continued later.</summary>
    public bool CanResume { get; }

    /// <summary>Whether it is a copy of a damaged file, of which only the damaged bytes are loaded.</summary>
    public bool IsPatch => _begun is { IsPatch: true };

    /// <summary>Begins a file.</summary>
    /// <exception cref="DownloadException">It does not fit, or cannot be created.</exception>
    public static PartState Create(TransferSpec spec, TransferSource source, TransferContext context, SourceBody body)
    {
        bool canResume = body.IsRange && (body.Version.IsKnown || spec.HasHash);
        bool isReserved = true;
        PartFile part;
        DiskErrors.Guard(spec.Path, () => Directory.CreateDirectory(Path.GetDirectoryName(spec.Path)!));
        PartJournal.Delete(spec.Path);
        if (body.Total is { } size)
        {
            PartFile.DeleteIfUnused(spec.Path);
            context.Space.Need(spec.Path, size);
            context.Space.Check();
            (part, isReserved) = Reserve(spec.Path, size, context.FreeBytes);
            if (isReserved)
            {
                context.Space.Settle(spec.Path);
            }
        }
        else
        {
            part = PartFile.Create(spec.Path, null);
        }

        return new(spec, SafeUrl.ForReports(source.Uri), part, new(body.Total, null, context.Time), body.Version, isReserved, canResume);
    }

    /// <summary>Continues an earlier attempt, or returns <see langword="null"/> when there is none that can be trusted.</summary>
    /// <exception cref="DownloadException">Another process is loading the file.</exception>
    public static PartState? TryResume(TransferSpec spec, TransferSource source, TransferContext context)
    {
        if (PartJournal.Read(spec.Path, context.Logger) is not { } record || record.Read() is not { } ranges || (spec.Size ?? record.Size) != record.Size)
        {
            return null;
        }

        string url = SafeUrl.ForReports(source.Uri);
        var version = new FileVersion(record.ETag, record.LastModified);
        bool isWritten = spec.HasHash || record.Boot is null || record.Boot == BootId.Current;
        bool isSameSource = record.Url == url;
        if (!isWritten || (!spec.HasHash && !(isSameSource && version.IsKnown)) || PartFile.TryOpen(spec.Path) is not { } part)
        {
            return null;
        }

        if (ranges.Length > 0 && part.Length < ranges.Max(range => range.End))
        {
            part.Dispose();
            return null;
        }

        if (record.IsReserved)
        {
            context.Space.Settle(spec.Path);
        }

        return new(spec, url, part, new(record.Size, ranges, context.Time, record.IsPatch ? RangeBook.MinPatchShare : RangeBook.MinShare), isSameSource && version.IsKnown ? version : null, record.IsReserved, canResume: true, record);
    }

    /// <summary>Notes which bytes are there, so that they survive the end of the process.</summary>
    /// <exception cref="DownloadException">The note could not be written.</exception>
    public void Save()
    {
        if (!CanResume || _isGone || Book.Size is not { } size)
        {
            return;
        }

        var ranges = Book.Snapshot();
        if (BootId.Current is null)
        {
            Part.Flush();
        }

        PartJournal.Write(_spec.Path, new()
        {
            Url = _url,
            ETag = Version?.ETag,
            LastModified = Version?.LastModified,
            Size = size,
            Boot = BootId.Current,
            IsReserved = IsReserved,
            IsPatch = IsPatch,
            PatchBytes = _begun?.PatchBytes,
            Ranges = [.. ranges.SelectMany(range => new[] { range.Start, range.End })],
        });
    }

    /// <summary>Moves the complete file to its place.</summary>
    /// <exception cref="DownloadException">It could not be placed.</exception>
    public void Place(long size)
    {
        Part.Place(size, Version?.LastModified);
        _isGone = true;
        PartJournal.Delete(_spec.Path);
    }

    /// <summary>Deletes what is there.</summary>
    public void Discard()
    {
        if (!_isGone)
        {
            _isGone = true;
            PartJournal.Delete(_spec.Path);
            PartFile.Delete(_spec.Path);
        }
    }

    /// <summary>Creates the file; not every file system sets room aside, which shows in what is free.</summary>
    internal static (PartFile Part, bool IsReserved) Reserve(string path, long size, Func<string, long?> freeBytes)
    {
        string directory = Path.GetDirectoryName(path)!;
        long? before = freeBytes(directory);
        var part = PartFile.Create(path, size);
        long? after = freeBytes(directory);
        return (part, size == 0 || (before - after >= size / 2));
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await Hasher.DisposeAsync().ConfigureAwait(false);
        Part.Dispose();
    }
}
