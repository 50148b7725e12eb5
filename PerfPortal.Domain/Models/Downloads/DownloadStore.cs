using System.Text.Json;
using Microsoft.Extensions.Logging;
using PerfPortal.Domain.Models.Downloads.Files;
using PerfPortal.Domain.Models.Files;

namespace PerfPortal.Domain.Models.Downloads;

/// <summary>Keeps the downloads in a directory, one file each.</summary>
internal sealed class DownloadStore
{
    private const string Extension = ".json";
    private const string Broken = ".broken";

    private readonly string _directory;
    private readonly ILogger? _logger;

    /// <summary>Opens the store.</summary>
    /// <exception cref="Errors.DownloadException">The directory cannot be created.</exception>
    public DownloadStore(string stateDirectory, ILogger? logger)
    {
        _directory = Path.GetFullPath(Path.Join(stateDirectory, "downloads"));
        _logger = logger;
        DiskErrors.Guard(_directory, () => Directory.CreateDirectory(_directory));
    }

    /// <summary>Reads what is stored, oldest first. A broken file is set aside.</summary>
    public IReadOnlyList<DownloadRecord> ReadAll()
    {
        DeleteDrafts();
        var records = new List<DownloadRecord>();
        foreach (string path in Directory.EnumerateFiles(_directory, "*" + Extension))
        {
            try
            {
                var record = JsonSerializer.Deserialize(RegularFile.ReadAllBytes(path, Array.MaxLength), DownloadJson.Default.DownloadRecord);
                if (record is not { Files.Length: > 0 } || record.ToRequest().Check() is not null || PathOf(record.Id) != path
                    || record.LastRun is { } run && (run.Notes is null || run.Files is null || run.Files.Any(file => file is null)))
                {
                    throw new JsonException("It is not a download.");
                }

                records.Add(record);
            }
            catch (Exception exception) when (exception is JsonException or FormatException or IOException or UnauthorizedAccessException)
            {
                _logger?.LogWarning(exception, "The state of a download, {Path}, cannot be read and is set aside.", path);
                SetAside(path);
            }
        }

        return [.. records.OrderBy(record => record.CreatedAt).ThenBy(record => record.Id)];
    }

    /// <summary>Stores a download. A failure is logged: the download itself goes on, but is not resumed after a restart.</summary>
    public void Write(DownloadRecord record)
    {
        try
        {
            AtomicFile.Write(PathOf(record.Id), JsonSerializer.SerializeToUtf8Bytes(record, DownloadJson.Default.DownloadRecord));
        }
        catch (Exception exception) when (DiskErrors.IsDisk(exception))
        {
            _logger?.LogWarning(exception, "The state of the download {Name} could not be stored.", record.Name ?? record.Files[0].Path);
        }
    }

    /// <summary>Forgets a download.</summary>
    public void Delete(Guid id)
    {
        try
        {
            File.Delete(PathOf(id));
        }
        catch (Exception exception) when (DiskErrors.IsDisk(exception))
        {
            _logger?.LogWarning(exception, "The state of the download {Id} could not be deleted.", id);
        }
    }

    private string PathOf(Guid id) => Path.Join(_directory, id.ToString("N") + Extension);

    /// <summary>Deletes what a crash left of states that were being written.</summary>
    private void DeleteDrafts()
    {
        foreach (string draft in Directory.EnumerateFiles(_directory, "*" + Extension + AtomicFile.Suffix))
        {
            try
            {
                File.Delete(draft);
            }
            catch (Exception exception) when (DiskErrors.IsDisk(exception))
            {
                _logger?.LogWarning(exception, "{Path}, which was left by a crash, cannot be deleted.", draft);
            }
        }
    }

    private static void SetAside(string path)
    {
        try
        {
            File.Move(path, path + Broken, overwrite: true);
        }
        catch (Exception exception) when (DiskErrors.IsDisk(exception))
        {
            // It is tried again at the next start.
        }
    }
}
