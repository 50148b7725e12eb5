using System.Globalization;
using System.IO.Hashing;
using System.Text;
using System.Text.Json;
using Microsoft.Extensions.Logging;
using PerfPortal.Domain.Models.Files;

namespace PerfPortal.Domain.Models.Health.Records;

/// <summary>
/// Keeps records in files: <c>MODEL.json</c> and <c>MODEL.NUMBER.blocks</c>. A new block file is written under a new number before the record that refers to it, so that whenever the process
/// ends, the record and its block file belong together. Broken files are set aside.
/// </summary>
internal sealed class HealthStore(string directory, ILogger logger)
{
    private const int NameCharacters = 80;
    private const long MaxRecordBytes = 64 * 1024 * 1024;

    /// <summary>Reads all records.</summary>
    /// <param name="max">The maximum number.</param>
    public IReadOnlyList<ModelRecord> Load(int max)
    {
        if (!Directory.Exists(directory))
        {
            return [];
        }

        DeleteDrafts();
        List<ModelRecord> records = [];
        foreach (string path in Directory.EnumerateFiles(directory, "*.json").Order(StringComparer.Ordinal).Take(max))
        {
            if (ReadRecord(path) is { } record)
            {
                records.Add(record);
            }
        }

        DeleteOrphans(records);
        return records;
    }

    /// <summary>Reads the block hashes of a record; <see langword="null"/> when there are none, so that the next check must be a full one.</summary>
    public UInt128[]? LoadBlocks(ModelRecord record)
    {
        if (record.BlockFile == 0)
        {
            return null;
        }

        string path = BlockPath(record, record.BlockFile);
        try
        {
            var blocks = BlockFile.Read(path);
            return record.Files.All(file => file.FirstBlock >= 0 && file.Blocks >= 0 && file.FirstBlock <= blocks.Length - file.Blocks) ? blocks : null;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or InvalidDataException)
        {
            SetAside(path, exception);
            return null;
        }
    }

    /// <summary>Writes a record.</summary>
    /// <param name="record">The record.</param>
    /// <param name="blocks">The block hashes if they changed; the record then gets a new block file.</param>
    /// <returns>The record as written.</returns>
    /// <exception cref="IOException">It cannot be written.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be written.</exception>
    public ModelRecord Save(ModelRecord record, UInt128[]? blocks)
    {
        Directory.CreateDirectory(directory);
        long old = record.BlockFile;
        if (blocks is not null)
        {
            record = record with { BlockFile = old + 1 };
            AtomicFile.Write(BlockPath(record, record.BlockFile), stream => BlockFile.Write(stream, blocks));
        }

        AtomicFile.Write(RecordPath(record), stream => JsonSerializer.Serialize(stream, record, RecordJson.Default.ModelRecord));
        if (record.BlockFile != old && old > 0)
        {
            File.Delete(BlockPath(record, old));
        }

        return record;
    }

    /// <summary>Deletes the record of a model that is gone.</summary>
    public void Remove(ModelRecord record)
    {
        try
        {
            File.Delete(RecordPath(record));
            File.Delete(BlockPath(record, record.BlockFile));
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            logger.LogWarning(exception, "The health record of {Model} cannot be deleted.", record.Health.Name);
        }
    }

    // What a crash left of files that were being written.
    private void DeleteDrafts() => Delete(Directory.EnumerateFiles(directory, "*" + AtomicFile.Suffix));

    // A crash between a record and the end of its old block file, or between a block file and its record, leaves one that no record refers to.
    private void DeleteOrphans(IEnumerable<ModelRecord> records)
    {
        foreach (var record in records)
        {
            string current = BlockPath(record, record.BlockFile);
            Delete(Directory.EnumerateFiles(directory, FileName(record.Health.Name) + ".*.blocks").Where(path => path != current));
        }
    }

    private void Delete(IEnumerable<string> paths)
    {
        foreach (string path in paths.ToList())
        {
            try
            {
                File.Delete(path);
            }
            catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
            {
                logger.LogWarning(exception, "{File}, which was left by a crash, cannot be deleted.", path);
            }
        }
    }

    private ModelRecord? ReadRecord(string path)
    {
        try
        {
            using var stream = RegularFile.OpenStream(path);
            if (stream.Length > MaxRecordBytes)
            {
                throw new InvalidDataException("The file is too large.");
            }

            var record = JsonSerializer.Deserialize(stream, RecordJson.Default.ModelRecord);
            return record is { Version: ModelRecord.CurrentVersion, Health: { Name: not null, Directory: not null, Reasons: not null }, Files: not null, Reasons: not null } ? record : throw new InvalidDataException("Members are missing.");
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or JsonException or InvalidDataException)
        {
            SetAside(path, exception);
            return null;
        }
    }

    private void SetAside(string path, Exception reason)
    {
        logger.LogWarning(reason, "The health record {File} cannot be read and is set aside; its model will be checked in full.", path);
        try
        {
            File.Move(path, path + ".broken", overwrite: true);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            logger.LogWarning(exception, "The file {File} cannot be renamed.", path);
        }
    }

    private string RecordPath(ModelRecord record) => Path.Combine(directory, FileName(record.Health.Name) + ".json");

    private string BlockPath(ModelRecord record, long number) =>
        Path.Combine(directory, string.Create(CultureInfo.InvariantCulture, $"{FileName(record.Health.Name)}.{number}.blocks"));

    private static string FileName(string model)
    {
        var name = new StringBuilder();
        foreach (char c in model.AsSpan(0, Math.Min(model.Length, NameCharacters)))
        {
            name.Append(char.IsAsciiLetterOrDigit(c) || c is '-' or '_' ? c : '-');
        }

        return string.Create(CultureInfo.InvariantCulture, $"{name}-{XxHash3.HashToUInt64(Encoding.UTF8.GetBytes(model)):x16}");
    }
}
