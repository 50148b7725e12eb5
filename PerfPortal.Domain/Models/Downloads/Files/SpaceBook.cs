using PerfPortal.Domain.Models.Downloads.Errors;
using PerfPortal.Domain.Text;

namespace PerfPortal.Domain.Models.Downloads.Files;

/// <summary>
/// The bytes that downloads still have to write to each file system, in the order in which the downloads were started: one that would only fit into what is promised to
/// earlier ones does not start. Thread-safe; one entry a download in progress.
/// </summary>
/// <param name="freeBytes">The free bytes of the file system that holds a directory, or <see langword="null"/> when not known.</param>
internal sealed class SpaceBook(Func<string, long?> freeBytes)
{
    // A disk that does not answer holds up the downloads to it, not all.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly Lock _lock = new();
    private readonly List<SpacePromise> _promises = [];

    /// <summary>Notes a download; it needs nothing yet.</summary>
    public SpacePromise Open(string name, string directory)
    {
        var promise = new SpacePromise(this, name, directory, Volumes.RootOf(directory));
        lock (_lock)
        {
            _promises.Add(promise);
        }

        return promise;
    }

    /// <summary>Says how much room a file still needs.</summary>
    public void Need(SpacePromise promise, string file, long bytes)
    {
        lock (_lock)
        {
            promise.Files[file] = bytes;
        }
    }

    /// <summary>Says that a file needs no more room: it has been reserved, is there, or is given up.</summary>
    public void Settle(SpacePromise promise, string file)
    {
        lock (_lock)
        {
            promise.Files.Remove(file);
        }
    }

    /// <summary>Forgets a download.</summary>
    public void Close(SpacePromise promise)
    {
        lock (_lock)
        {
            _promises.Remove(promise);
        }
    }

    /// <summary>Waits until it is known what the downloads that were started before need.</summary>
    public Task WaitForEarlierAsync(SpacePromise promise, TimeProvider time, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            return Task.WhenAll(_promises.TakeWhile(other => other != promise).Select(other => other.Known)).WaitAsync(Patience, time, cancellationToken);
        }
    }

    /// <summary>Checks that what a download still has to write fits beside what earlier downloads have to.</summary>
    /// <exception cref="DownloadException">It does not.</exception>
    public void Check(SpacePromise promise)
    {
        if (freeBytes(promise.Directory) is not { } free)
        {
            return;
        }

        lock (_lock)
        {
            long needed = promise.Bytes;
            var earlier = _promises.TakeWhile(other => other != promise).Where(other => other.Volume == promise.Volume && other.Bytes > 0).ToList();
            long promised = earlier.Sum(other => other.Bytes);
            if (needed <= free - promised)
            {
                return;
            }

            string others = promised == 0
                ? ""
                : $", of which {Format.Bytes(promised)} is promised to {string.Join(", ", earlier.Take(3).Select(other => other.Name))}{(earlier.Count > 3 ? $" and {earlier.Count - 3} more" : "")}";
            throw new DownloadException(DownloadErrorCategory.Disk, $"It will not fit into {promise.Directory}: it needs {Format.Bytes(needed)}, {Format.Bytes(free)} is free{others}.");
        }
    }
}

/// <summary>What one download still has to write.</summary>
/// <param name="book">The book that it is in.</param>
/// <param name="name">The name of the download.</param>
/// <param name="directory">Where it writes.</param>
/// <param name="volume">The file system.</param>
internal sealed class SpacePromise(SpaceBook book, string name, string directory, string volume) : IDisposable
{
    private readonly TaskCompletionSource _known = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>The name of the download.</summary>
    public string Name { get; } = name;

    /// <summary>Ends once it is known what the download needs.</summary>
    public Task Known => _known.Task;

    /// <summary>Where it writes.</summary>
    public string Directory { get; } = directory;

    /// <summary>The file system.</summary>
    public string Volume { get; } = volume;

    /// <summary>The bytes still to come, by file; guarded by the book.</summary>
    internal Dictionary<string, long> Files { get; } = new(StringComparer.Ordinal);

    /// <summary>The bytes still to come; read under the lock of the book.</summary>
    internal long Bytes => Files.Values.Sum();

    /// <summary>Says that it is known what the download needs, or that it needs nothing.</summary>
    public void SetKnown() => _known.TrySetResult();

    /// <inheritdoc cref="SpaceBook.WaitForEarlierAsync"/>
    public async Task WaitForEarlierAsync(TimeProvider time, CancellationToken cancellationToken)
    {
        try
        {
            await book.WaitForEarlierAsync(this, time, cancellationToken).ConfigureAwait(false);
        }
        catch (TimeoutException)
        {
            // What is known decides.
        }
    }

    /// <inheritdoc cref="SpaceBook.Need"/>
    public void Need(string file, long bytes) => book.Need(this, file, bytes);

    /// <inheritdoc cref="SpaceBook.Settle"/>
    public void Settle(string file) => book.Settle(this, file);

    /// <inheritdoc cref="SpaceBook.Check"/>
    public void Check() => book.Check(this);

    /// <inheritdoc/>
    public void Dispose()
    {
        SetKnown();
        book.Close(this);
    }
}
