using PerfPortal.Domain.Models.Downloads.Errors;
using PerfPortal.Domain.Models.Downloads.Files;
using PerfPortal.Domain.Models.Downloads.Transfers;
using PerfPortal.Domain.Models.Files;

namespace PerfPortal.Domain.Models.Downloads;

/// <summary>What is known of the files of a download that does not run: from its latest run, from its record, or from what lies on the disk.</summary>
internal static class KnownFiles
{
    /// <summary>The files as a record tells them, in the order of the request.</summary>
    public static IReadOnlyList<FileStatus> Of(DownloadRecord record, DownloadRequest request)
    {
        DownloadFile[] files = [.. request.Files.DistinctBy(file => file.Path)];
        var kept = record.LastRun?.Files;
        return [.. files.Select((file, index) => kept?.Length == files.Length
            ? new FileStatus(LabelOf(file), kept[index].BytesDone, kept[index].BytesTotal ?? file.SizeBytes, kept[index].IsComplete, kept[index].IsVerified)
            : Old(file, record, files.Length == 1))];
    }

    /// <summary>The bytes of all files; <see langword="null"/> when one is not known.</summary>
    public static long? TotalOf(IReadOnlyList<FileStatus> files) => files.All(file => file.BytesTotal is not null) ? files.Sum(file => file.BytesTotal!.Value) : null;

    /// <summary>The files as a killed process left them on the disk; <see langword="null"/> when the disk does not say.</summary>
    public static IReadOnlyList<FileStatus>? OnDisk(DownloadRequest request)
    {
        try
        {
            var plan = DownloadPlan.Of(request, null);
            return
            [
                .. plan.Specs.Select(spec =>
                {
                    var (done, size) = OnDisk(spec, isOurs: true);
                    return new FileStatus(spec.Label, done, size ?? spec.Size, false, false);
                }),
            ];
        }
        catch (DownloadException)
        {
            return null;
        }
    }

    /// <summary>The bytes of a file that are there, and its size if that is known.</summary>
    /// <param name="spec">The file.</param>
    /// <param name="isOurs">Whether a file under its final name counts without a hash that could tell whether it is the right one.</param>
    public static (long Done, long? Size) OnDisk(TransferSpec spec, bool isOurs)
    {
        if (RegularFile.Exists(PartFile.PathOf(spec.Path)) && PartJournal.Progress(spec.Path) is { } begun)
        {
            return (begun.Loaded, begun.Size);
        }

        return spec.Damage.Count == 0 && (spec.HasHash || (isOurs && !spec.IsRepair)) && RegularFile.Exists(spec.Path) && new FileInfo(spec.Path) is { Exists: true } there && (spec.Size ?? there.Length) == there.Length
            ? (there.Length, there.Length) : (0, null);
    }

    /// <summary>The name of a file for people.</summary>
    public static string LabelOf(DownloadFile file) => file.LinkPath?.Split('/')[^1] ?? file.Path;

    /// <summary>A file of a record that an earlier version wrote: a complete one with a hash has been verified, and of the bytes only the sum is known.</summary>
    private static FileStatus Old(DownloadFile file, DownloadRecord record, bool isOnly)
    {
        bool isComplete = record.State == DownloadState.Completed;
        long? only = isOnly && (record.BytesDone > 0 || !isComplete) ? record.BytesDone : null;
        return new(
            LabelOf(file), only ?? (isComplete ? file.SizeBytes : null), file.SizeBytes ?? (isComplete ? only : null), isComplete, isComplete && (file.Sha256 ?? file.GitSha1) is not null);
    }
}
