using System.Text.Json;
using System.Text.Json.Serialization;
using Microsoft.Extensions.Logging;
using PerfPortal.Domain.Models.Downloads.Ranges;
using PerfPortal.Domain.Models.Files;

namespace PerfPortal.Domain.Models.Downloads.Files;

/// <summary>Which bytes of which version of a file are in its part file.</summary>
internal sealed record PartRecord
{
    /// <summary>The largest file of which there is a record, in bytes: 64 TiB, so that the sizes of 100,000 files can be added.</summary>
    public const long MaxSize = 1L << 46;

    /// <summary>The address, without credentials.</summary>
    public required string Url { get; init; }

    /// <summary>The strong entity tag of the version, or <see langword="null"/>.</summary>
    public string? ETag { get; init; }

    /// <summary>When the version was modified, or <see langword="null"/>.</summary>
    public DateTimeOffset? LastModified { get; init; }

    /// <summary>The size of the whole file in bytes.</summary>
    public required long Size { get; init; }

    /// <summary>The start of the machine in which the bytes were written; <see langword="null"/> when each entry was written after the bytes were durable.</summary>
    public string? Boot { get; init; }

    /// <summary>Whether the file system has reserved the room for the whole file.</summary>
    public bool IsReserved { get; init; }

    /// <summary>Whether the part file is a copy of a damaged file, of which only the damaged bytes are loaded.</summary>
    public bool IsPatch { get; init; }

    /// <summary>The bytes that such a copy lacked when it was made: the damaged ones, and those that the disk did not give. <see langword="null"/> for other part files.</summary>
    public long? PatchBytes { get; init; }

    /// <summary>The start and the end of each range, in order; <see langword="null"/> in a broken record.</summary>
    public required long[]? Ranges { get; init; }

    /// <summary>The ranges, or <see langword="null"/> when they cannot be.</summary>
    public ByteRange[]? Read()
    {
        if (Ranges is null || Ranges.Length % 2 != 0 || Size is < 0 or > MaxSize)
        {
            return null;
        }

        var ranges = new ByteRange[Ranges.Length / 2];
        for (int i = 0; i < ranges.Length; i++)
        {
            ranges[i] = new(Ranges[2 * i], Ranges[(2 * i) + 1]);
            if (ranges[i].Start < 0 || ranges[i].End < ranges[i].Start || ranges[i].End > Size)
            {
                return null;
            }
        }

        return ranges;
    }
}

/// <summary>Keeps the <see cref="PartRecord"/> beside the part file, in <c>NAME.part.json</c>.</summary>
internal static class PartJournal
{
    private const string Suffix = PartFile.Suffix + ".json";
    private const string Broken = ".broken";

    /// <summary>The largest record that is read, in bytes: about half a million ranges.</summary>
    internal const int MaxBytes = 16 << 20;

    /// <summary>The path of the journal that belongs to a final path.</summary>
    public static string PathOf(string finalPath) => finalPath + Suffix;

    /// <summary>Reads the record, or returns <see langword="null"/>. A broken one is set aside.</summary>
    public static PartRecord? Read(string finalPath, ILogger? logger)
    {
        string path = PathOf(finalPath);
        try
        {
            return File.Exists(path) ? Load(path) : null;
        }
        catch (Exception exception) when (IsMalformed(exception))
        {
            logger?.LogWarning(exception, "{Path} cannot be read and is set aside; the download starts again.", path);
            SetAside(path);
            return null;
        }
    }

    /// <summary>How far a download is, for others than the one that runs it: the size of the file and the bytes that are there; <see langword="null"/> when it is not known.</summary>
    public static (long Size, long Loaded)? Progress(string finalPath)
    {
        try
        {
            // In order, in which adding each costs the same however many there are.
            return Load(PathOf(finalPath)) is { } record && record.Read() is { } ranges ? (record.Size, new RangeSet(ranges.OrderBy(range => range.Start)).Total) : null;
        }
        catch (Exception exception) when (IsMalformed(exception))
        {
            return null;
        }
    }

    /// <summary>Replaces the record.</summary>
    /// <exception cref="Errors.DownloadException">It could not be written.</exception>
    public static void Write(string finalPath, PartRecord record) => DiskErrors.Guard(
        PathOf(finalPath), () => AtomicFile.Write(PathOf(finalPath), JsonSerializer.SerializeToUtf8Bytes(record, PartJson.Default.PartRecord), isDurable: false));

    /// <summary>Deletes the record, and what a crash left of a new one.</summary>
    public static void Delete(string finalPath) => DiskErrors.Guard(PathOf(finalPath), () => AtomicFile.Delete(PathOf(finalPath)));

    private static PartRecord? Load(string path) => JsonSerializer.Deserialize(RegularFile.ReadAllBytes(path, MaxBytes), PartJson.Default.PartRecord);

    private static bool IsMalformed(Exception exception) => exception is JsonException or InvalidDataException or NotSupportedException or IOException or UnauthorizedAccessException;

    private static void SetAside(string path)
    {
        try
        {
            File.Move(path, path + Broken, overwrite: true);
        }
        catch (Exception exception) when (DiskErrors.IsDisk(exception))
        {
            // It is replaced by the next record.
        }
    }
}

/// <summary>The format of the journal.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(PartRecord))]
internal sealed partial class PartJson : JsonSerializerContext;
