using Microsoft.Extensions.Logging;

namespace PerfPortal.Domain.Client;

/// <summary>Moves reports between the queues and the spill directory. Without a directory it does nothing. Not thread-safe, except for reading figures.</summary>
internal sealed class Spill : IDisposable
{
    private readonly SpillDirectory? _directory;
    private readonly Func<ReportKind, DeliveryTally> _tallies;
    private readonly PortalClientOptions _options;

    public Spill(PortalClientOptions options, Func<ReportKind, DeliveryTally> tallies, ILogger logger)
    {
        (_options, _tallies) = (options, tallies);
        if (options.SpillDirectory is not { } path)
        {
            return;
        }

        _directory = SpillDirectory.Open(path, options.SpillMegabytes * 1024L * 1024, logger, out string? error);
        Error = error;
        if (error is not null)
        {
            logger.LogError("Reports are kept in memory only: {Error}", error);
        }
        else if (_directory!.Operations + _directory.Samples > 0)
        {
            logger.LogInformation("{Operations} operations and {Samples} samples of an earlier run wait in {Directory}", _directory.Operations, _directory.Samples, path);
        }
    }

    /// <summary>Why the directory cannot be used, or <see langword="null"/>.</summary>
    public string? Error { get; }

    public bool IsUsable => _directory is not null;

    public long Bytes => _directory?.Published ?? 0;

    public int Count(ReportKind kind) => _directory is null ? 0 : kind == ReportKind.Operations ? _directory.Operations : _directory.Samples;

    /// <summary>The number of the next file.</summary>
    public long NextFile => _directory?.Next ?? 0;

    /// <summary>Whether a file with a lower number waits to be delivered.</summary>
    public bool HasFileBefore(long number) => _directory?.HasFileBefore(number) == true;

    /// <summary>Moves the oldest half of a queue that is half full to the disk, or everything that it holds now.</summary>
    /// <param name="queue">The queue.</param>
    /// <param name="all">Whether to move everything for which no file has to be deleted.</param>
    /// <param name="isLast">Whether what stays in memory is lost, so that it takes the place of older files.</param>
    public void Take(ReportQueue queue, bool all, bool isLast = false)
    {
        if (_directory is null || !(all || queue.IsHalfFull))
        {
            return;
        }

        // Reports that are added meanwhile wait for the next time.
        for (int left = queue.Count; left > 0;)
        {
            bool mustMove = isLast || queue.IsHalfFull;
            if (!mustMove && !all)
            {
                return;
            }

            var reports = queue.Take(Math.Min(left, _options.BatchSize), ReportSender.MaxBatchBytes);
            left -= Math.Max(1, reports.Count);
            if ((!mustMove && !_directory.HasRoomFor(reports)) || !_directory.Write(queue.Kind, reports, out var deleted))
            {
                queue.Return(reports);
                return;
            }

            queue.Tally.CountSpilled(reports.Count);
            foreach (var file in deleted)
            {
                _tallies(file.Kind).CountDropped(file.Reports);
            }
        }
    }

    /// <summary>Delivers the oldest file of a kind.</summary>
    /// <returns>Whether there can be more to deliver.</returns>
    public async Task<bool> SendOldestAsync(ReportKind kind, ReportSender sender, CancellationToken cancellationToken)
    {
        if (_directory?.Oldest(kind) is not { } file)
        {
            return false;
        }

        if (_directory.Read(file) is not { } reports)
        {
            if (!Path.Exists(file.Path))
            {
                _directory.Remove(file);
                _tallies(kind).CountDropped(file.Reports);
            }

            return true;
        }

        if ((await sender.SendAsync(kind, reports, _tallies(kind), cancellationToken).ConfigureAwait(false)).Count > 0)
        {
            return false;
        }

        _directory.Remove(file);
        return true;
    }

    /// <inheritdoc/>
    public void Dispose() => _directory?.Dispose();
}
