using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using Microsoft.Extensions.Logging;

namespace PerfPortal.Domain.Client;

/// <summary>
/// Keeps reports on disk that could not be delivered: one file of lines per batch, deleted once the portal has them. Beyond its size the oldest file is
/// deleted. A file that was cut off by a crash loses its last line only. Files survive the process; they are not forced to the disk, so a power failure
/// can lose the latest. Not thread-safe.
/// </summary>
internal sealed class SpillDirectory : IDisposable
{
    private const string Extension = ".ndjson";
    private const string LockName = "lock";
    private const UnixFileMode Private = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    private readonly string _path;
    private readonly long _maxBytes;
    private readonly ILogger _logger;
    private readonly FileStream _lock;
    private readonly SortedDictionary<long, SpillFile> _files = [];

    // They stay for the next start, and hold up no others until then.
    private readonly HashSet<long> _unreadable = [];
    private long _next = 1;
    private long _bytes;
    private bool _isFailing;

    private SpillDirectory(string path, long maxBytes, FileStream held, ILogger logger)
    {
        (_path, _maxBytes, _lock, _logger) = (path, maxBytes, held, logger);
        foreach (string file in Directory.EnumerateFiles(path, "*" + Extension))
        {
            if (TryDescribe(file, out var described))
            {
                _files[described.Number] = described;
                _bytes += described.Bytes;
                _next = Math.Max(_next, described.Number + 1);
            }
        }

        Published = _bytes;
        Count();
    }

    /// <summary>The size of all files; can be read by any thread.</summary>
    public long Published { get => Interlocked.Read(ref field); private set => Interlocked.Exchange(ref field, value); }

    /// <summary>The number of operations in files; can be read by any thread.</summary>
    public int Operations { get; private set; }

    /// <summary>The number of samples in files; can be read by any thread.</summary>
    public int Samples { get; private set; }

    /// <summary>Opens a directory, which is created if it does not exist.</summary>
    /// <param name="path">The directory.</param>
    /// <param name="maxBytes">The maximum size of the files.</param>
    /// <param name="logger">The logger.</param>
    /// <param name="error">Why it cannot be used.</param>
    /// <returns>The directory, or <see langword="null"/> when it cannot be used.</returns>
    public static SpillDirectory? Open(string path, long maxBytes, ILogger logger, out string? error)
    {
        FileStream? held = null;
        try
        {
            string full = Path.GetFullPath(path);
            if (OperatingSystem.IsWindows())
            {
                Directory.CreateDirectory(full);
            }
            else
            {
                Directory.CreateDirectory(full, Private | UnixFileMode.UserExecute);
            }

            held = new(Path.Combine(full, LockName), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            error = null;
            return new(full, maxBytes, held, logger);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            error = held is null ? $"the spill directory {path} cannot be used, or another client uses it: {exception.Message}" : $"the spill directory {path} cannot be read: {exception.Message}";
            held?.Dispose();
            return null;
        }
    }

    /// <summary>The number of the next file; files have increasing numbers.</summary>
    public long Next => _next;

    /// <summary>Whether there is a file with a lower number that can be read.</summary>
    public bool HasFileBefore(long number) => _files.Values.Any(file => file.Number < number && !_unreadable.Contains(file.Number));

    /// <summary>Returns the oldest file of a kind that can be read.</summary>
    public SpillFile? Oldest(ReportKind kind) => _files.Values.FirstOrDefault(file => file.Kind == kind && !_unreadable.Contains(file.Number));

    /// <summary>Whether reports can be written without the deletion of a file.</summary>
    public bool HasRoomFor(IReadOnlyList<byte[]> reports) => _bytes + reports.Sum(report => report.Length + 1L) <= _maxBytes;

    /// <summary>Writes reports to a new file, and deletes the oldest files beyond the maximum size.</summary>
    /// <param name="kind">What they are.</param>
    /// <param name="reports">The reports, oldest first.</param>
    /// <param name="deleted">The files that were deleted.</param>
    /// <returns><see langword="false"/> when they could not be written.</returns>
    public bool Write(ReportKind kind, IReadOnlyList<byte[]> reports, out IReadOnlyList<SpillFile> deleted)
    {
        deleted = [];
        long number = _next++;
        string path = Path.Combine(_path, string.Create(CultureInfo.InvariantCulture, $"{number:D12}.{NameOf(kind)}{Extension}"));
        try
        {
            var create = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write, Share = FileShare.Read };
            if (!OperatingSystem.IsWindows())
            {
                create.UnixCreateMode = Private;
            }

            long length;
            using (var file = new FileStream(path, create))
            {
                foreach (byte[] report in reports)
                {
                    file.Write(report);
                    file.WriteByte((byte)'\n');
                }

                length = file.Length;
            }

            Add(new(path, number, kind, reports.Count, length));
            _isFailing = false;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            if (!_isFailing)
            {
                _logger.LogWarning(exception, "Reports cannot be written to the spill directory {Directory}", _path);
            }

            _isFailing = true;
            TryDelete(path);
            return false;
        }

        deleted = Shrink();
        return true;
    }

    /// <summary>Reads the whole lines of a file; a last line without its end was cut off.</summary>
    /// <returns>The reports, or <see langword="null"/> when the file cannot be read, or is gone: it is left out from now on.</returns>
    public IReadOnlyList<byte[]>? Read(SpillFile file)
    {
        try
        {
            ReadOnlySpan<byte> rest = File.ReadAllBytes(file.Path);
            var reports = new List<byte[]>(file.Reports);
            for (int end; (end = rest.IndexOf((byte)'\n')) >= 0; rest = rest[(end + 1)..])
            {
                if (end > 0)
                {
                    reports.Add(rest[..end].ToArray());
                }
            }

            if (!rest.IsEmpty)
            {
                _logger.LogWarning("The last report in {File} was cut off and is skipped", file.Path);
            }

            return reports;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            _logger.LogWarning(exception, "The {Count} reports in {File} cannot be read", file.Reports, file.Path);
            _unreadable.Add(file.Number);
            return null;
        }
    }

    /// <summary>Deletes a file whose reports were delivered, or that is gone.</summary>
    public void Remove(SpillFile file)
    {
        TryDelete(file.Path);
        if (_files.Remove(file.Number))
        {
            _bytes -= file.Bytes;
            Count();
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _lock.Dispose();

    private static string NameOf(ReportKind kind) => kind == ReportKind.Operations ? "operations" : "samples";

    private static bool TryDescribe(string path, [NotNullWhen(true)] out SpillFile? file)
    {
        string[] parts = Path.GetFileName(path).Split('.');
        file = parts is [var number, "operations" or "samples", _] && long.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out long place)
            ? new(path, place, parts[1] == "operations" ? ReportKind.Operations : ReportKind.Samples, CountLines(path), new FileInfo(path).Length)
            : null;
        return file is not null;
    }

    private static int CountLines(string path)
    {
        using var file = File.OpenRead(path);
        byte[] buffer = new byte[64 * 1024];
        int lines = 0;
        int read;
        while ((read = file.Read(buffer)) > 0)
        {
            lines += buffer.AsSpan(0, read).Count((byte)'\n');
        }

        return lines;
    }

    private static void TryDelete(string path)
    {
        try
        {
            File.Delete(path);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // It is sent again after the next start, and counts once.
        }
    }

    private void Add(SpillFile file)
    {
        _files[file.Number] = file;
        _bytes += file.Bytes;
        Count();
    }

    private List<SpillFile> Shrink()
    {
        var deleted = new List<SpillFile>();
        while (_bytes > _maxBytes && _files.Count > 0)
        {
            var oldest = _files.Values.First();
            Remove(oldest);
            deleted.Add(oldest);
        }

        return deleted;
    }

    private void Count()
    {
        Published = _bytes;
        Operations = _files.Values.Where(file => file.Kind == ReportKind.Operations).Sum(file => file.Reports);
        Samples = _files.Values.Where(file => file.Kind == ReportKind.Samples).Sum(file => file.Reports);
    }
}
