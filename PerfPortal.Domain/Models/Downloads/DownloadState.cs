namespace PerfPortal.Domain.Models.Downloads;

/// <summary>Where a download is in its life.</summary>
public enum DownloadState
{
    /// <summary>It waits for its turn.</summary>
    Queued,

    /// <summary>It is loaded.</summary>
    Running,

    /// <summary>The process ended while it was loaded; it can be resumed.</summary>
    Interrupted,

    /// <summary>It was cancelled; it can be resumed.</summary>
    Cancelled,

    /// <summary>It failed; it can be resumed.</summary>
    Failed,

    /// <summary>All files are there.</summary>
    Completed,
}

/// <summary>A download as it is now.</summary>
public sealed record DownloadStatus
{
    /// <summary>Identifies it, also after a restart.</summary>
    public required Guid Id { get; init; }

    /// <summary>Its name.</summary>
    public required string Name { get; init; }

    /// <summary>Whether it repairs a model that is there.</summary>
    public bool IsRepair { get; init; }

    /// <summary>Where the files are placed.</summary>
    public required string Directory { get; init; }

    /// <summary>The address of its first file, without credentials.</summary>
    public required string Url { get; init; }

    /// <summary>Where it is in its life.</summary>
    public required DownloadState State { get; init; }

    /// <summary>When it was started first, UTC.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>When it ended, UTC; <see langword="null"/> until then.</summary>
    public DateTimeOffset? EndedAt { get; init; }

    /// <summary>The bytes that are there.</summary>
    public long BytesDone { get; init; }

    /// <summary>The bytes of all files, or <see langword="null"/> as long as one is not known.</summary>
    public long? BytesTotal { get; init; }

    /// <summary>The bytes per second of the last seconds; 0 unless it is running.</summary>
    public double BytesPerSecond { get; init; }

    /// <summary>The connections in use.</summary>
    public int Connections { get; init; }

    /// <summary>The retries since it was started or resumed; <see langword="null"/> when that was not kept.</summary>
    public int? Retries { get; init; }

    /// <summary>What it waits for while nothing arrives because attempts failed; <see langword="null"/> otherwise.</summary>
    public DownloadWait? Wait { get; init; }

    /// <summary>Why it failed, as a sentence.</summary>
    public string? Error { get; init; }

    /// <summary>The category of the failure, as in the fact <c>error_category</c>.</summary>
    public string? ErrorCategory { get; init; }

    /// <summary>What happened that a person should know.</summary>
    public IReadOnlyList<string> Notes { get; init; } = [];

    /// <summary>Whether it was started with credentials that are not known any more, because the process was restarted.</summary>
    public bool LacksCredentials { get; init; }

    /// <summary>Its operation, also of a run that has ended; empty while it waits for its turn.</summary>
    public Guid OperationId { get; init; }

    /// <summary>The repository from which the files come; <see langword="null"/> for single addresses.</summary>
    public HubOrigin? Origin { get; init; }

    /// <summary>Whether every file has the hash that it must have; <see langword="null"/> until it is complete. A file of which no hash was known is not verified.</summary>
    public bool? IsVerified => State == DownloadState.Completed ? Files.All(file => file.IsVerified) : null;

    /// <summary>The files, in the order of the request.</summary>
    public IReadOnlyList<FileStatus> Files { get; init; } = [];
}

/// <summary>Why nothing arrives, and when the next attempt is made.</summary>
/// <param name="Error">The last failure, as a sentence.</param>
/// <param name="ErrorCategory">Its category, as in the fact <c>error_category</c>.</param>
/// <param name="Until">When the next attempt is made, UTC; <see langword="null"/> while it is being made.</param>
/// <param name="Retry">The number of the next attempt among the retries in a row without progress, from 1; 0 when only the server asked to wait.</param>
/// <param name="MaxRetries">The retries in a row without progress after which the download fails.</param>
public sealed record DownloadWait(string Error, string ErrorCategory, DateTimeOffset? Until, int Retry, int MaxRetries);

/// <summary>A file of a download as it is now.</summary>
/// <param name="Path">Its path below the directory.</param>
/// <param name="BytesDone">The bytes that are there; <see langword="null"/> when that was not kept.</param>
/// <param name="BytesTotal">Its size in bytes, once known.</param>
/// <param name="IsComplete">Whether it is there.</param>
/// <param name="IsVerified">Whether it has the expected hash.</param>
public sealed record FileStatus(string Path, long? BytesDone, long? BytesTotal, bool IsComplete, bool IsVerified);

/// <summary>How a download ended well.</summary>
public sealed record DownloadResult
{
    /// <summary>Identifies the download.</summary>
    public required Guid Id { get; init; }

    /// <summary>The files, in the order of the request.</summary>
    public required IReadOnlyList<DownloadedFile> Files { get; init; }

    /// <summary>The bytes of all files.</summary>
    public long BytesTotal { get; init; }

    /// <summary>The bytes that were received and are in the files.</summary>
    public long BytesDownloaded { get; init; }

    /// <summary>The bytes that were received in vain.</summary>
    public long BytesWasted { get; init; }

    /// <summary>The retries.</summary>
    public int Retries { get; init; }

    /// <summary>The time from start to end, without waiting for its turn.</summary>
    public TimeSpan Duration { get; init; }

    /// <summary>What happened that a person should know.</summary>
    public IReadOnlyList<string> Notes { get; init; } = [];
}

/// <summary>A file that is there.</summary>
/// <param name="Path">Its full path.</param>
/// <param name="SizeBytes">Its size in bytes.</param>
/// <param name="Sha256">Its SHA-256 in hexadecimal digits; <see langword="null"/> when it was there and there was no need to read it.</param>
/// <param name="IsVerified">Whether it has the expected hash.</param>
/// <param name="WasThere">Whether it was there already.</param>
public sealed record DownloadedFile(string Path, long SizeBytes, string? Sha256, bool IsVerified, bool WasThere);
