namespace PerfPortal.Domain.Models.Downloads;

/// <summary>What is kept of the latest run of a download, so that it reads the same after a restart. Figures that an earlier version did not keep are unknown.</summary>
internal sealed record RunRecord
{
    public Guid? OperationId { get; init; }

    public int? Retries { get; init; }

    public long? BytesTotal { get; init; }

    public string[] Notes { get; init; } = [];

    /// <summary>The files, in the order of the request; one for each path.</summary>
    public FileOutcomeRecord[] Files { get; init; } = [];

    /// <summary>What is kept of a status.</summary>
    public static RunRecord Of(DownloadStatus status, Guid? operationId) => Of(status.Files, operationId) with
    {
        Retries = status.Retries,
        BytesTotal = status.BytesTotal,
        Notes = [.. status.Notes],
    };

    /// <summary>What is kept when only the files are known.</summary>
    public static RunRecord Of(IReadOnlyList<FileStatus> files, Guid? operationId) => new()
    {
        OperationId = operationId,
        BytesTotal = KnownFiles.TotalOf(files),
        Files = [.. files.Select(file => new FileOutcomeRecord(file.BytesDone, file.BytesTotal, file.IsComplete, file.IsVerified))],
    };
}

/// <summary>What is kept of a file of a run.</summary>
internal sealed record FileOutcomeRecord(long? BytesDone, long? BytesTotal, bool IsComplete, bool IsVerified);
