using PerfPortal.Domain.Operations;

namespace PerfPortal.Domain.Client;

/// <summary>How a <see cref="PortalClient"/> reports.</summary>
public sealed record PortalClientOptions
{
    /// <summary>The address of the portal, such as <c>https://portal.example/</c>; a path base is kept.</summary>
    public required Uri Address { get; init; }

    /// <summary>The API key with the scope <c>report</c>; <see langword="null"/> for a portal on loopback that needs none. Never logged.</summary>
    public string? Key { get; init; }

    /// <summary>The source of what is reported, 1–200 characters.</summary>
    public required string Source { get; init; }

    /// <summary>The number of ended operations that wait in memory at most, 1–10,000,000; beyond it the oldest are dropped and counted. Default 100,000.</summary>
    public int BufferedOperations { get; init; } = 100_000;

    /// <summary>The number of resource samples that wait in memory at most, 1–1,000,000; beyond it the oldest are dropped and counted. Default 10,000.</summary>
    public int BufferedSamples { get; init; } = 10_000;

    /// <summary>The memory that waiting operations, and likewise waiting samples, take at most, MiB, 1–4,096. Default 32.</summary>
    public int BufferMegabytes { get; init; } = 32;

    /// <summary>The number of operations or samples in a request, 1–10,000. Default 2,000.</summary>
    public int BatchSize { get; init; } = 2_000;

    /// <summary>How long an ended operation or a sample waits for others before it is sent, 10 ms–1 h. Default 1 s.</summary>
    public TimeSpan FlushInterval { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>The age from which on a running operation is reported, 0–1 day. Default 1 s.</summary>
    public TimeSpan ReportRunningAfter { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>The shortest time between two reports of the progress of a running operation, 100 ms–1 h. Default 2 s.</summary>
    public TimeSpan ProgressInterval { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>
    /// The time after which a running operation without progress is reported again, 1 s–1 h. Default 20 s; it must be shorter than the portal's
    /// <c>AbandonAfterSeconds</c>.
    /// </summary>
    public TimeSpan HeartbeatInterval { get; init; } = TimeSpan.FromSeconds(20);

    /// <summary>The number of running operations that are reported before they end, 0–10,000: the longest running ones. Default 200.</summary>
    public int MaxRunning { get; init; } = 200;

    /// <summary>
    /// The directory that keeps what does not fit in memory, and what cannot be delivered at shutdown; <see langword="null"/> for none. It belongs to one client.
    /// </summary>
    public string? SpillDirectory { get; init; }

    /// <summary>The size of the spill directory at most, MiB, 1–1,048,576; beyond it the oldest file is deleted and counted. Default 256.</summary>
    public int SpillMegabytes { get; init; } = 256;

    /// <summary>How long disposing tries to deliver what is left, 0–10 min. Default 5 s.</summary>
    public TimeSpan ShutdownGrace { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>How long a request can take, 100 ms–10 min. Default 30 s.</summary>
    public TimeSpan RequestTimeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Whether batches are compressed with gzip. Default: yes.</summary>
    public bool Compress { get; init; } = true;

    /// <summary>Returns what is wrong with the options, one sentence each; empty when they are valid.</summary>
    public IReadOnlyList<string> Validate()
    {
        var errors = new List<string>();
        if (Address is not { IsAbsoluteUri: true, Scheme: "http" or "https" } address)
        {
            errors.Add("Address must be an absolute http or https URL.");
        }
        else if (address.UserInfo.Length > 0 || address.Query.Length > 0 || address.Fragment.Length > 0)
        {
            errors.Add("Address must not contain a user, a query or a fragment.");
        }

        Require(!string.IsNullOrWhiteSpace(Source) && Source.Length <= OperationLimits.SourceCharacters, "Source must have 1 to 200 characters.");
        Require(Source != PortalSource.Name, $"Source must not be {PortalSource.Name}, which is reserved for the portal.");
        Require(Key is null || (Key.Length > 0 && Key.All(letter => letter is > ' ' and < '\x7f')), "Key must consist of printable ASCII characters without spaces.");
        Require(BufferedOperations is >= 1 and <= 10_000_000, "BufferedOperations must be from 1 to 10,000,000.");
        Require(BufferedSamples is >= 1 and <= 1_000_000, "BufferedSamples must be from 1 to 1,000,000.");
        Require(BufferMegabytes is >= 1 and <= 4_096, "BufferMegabytes must be from 1 to 4,096.");
        Require(BatchSize is >= 1 and <= 10_000, "BatchSize must be from 1 to 10,000.");
        Require(IsWithin(FlushInterval, 0.01, 3600), "FlushInterval must be from 10 ms to 1 h.");
        Require(IsWithin(ReportRunningAfter, 0, 86_400), "ReportRunningAfter must be from 0 to 1 day.");
        Require(IsWithin(ProgressInterval, 0.1, 3600), "ProgressInterval must be from 100 ms to 1 h.");
        Require(IsWithin(HeartbeatInterval, 1, 3600), "HeartbeatInterval must be from 1 s to 1 h.");
        Require(MaxRunning is >= 0 and <= 10_000, "MaxRunning must be from 0 to 10,000.");
        Require(SpillMegabytes is >= 1 and <= 1_048_576, "SpillMegabytes must be from 1 to 1,048,576.");
        Require(IsWithin(ShutdownGrace, 0, 600), "ShutdownGrace must be from 0 to 10 min.");
        Require(IsWithin(RequestTimeout, 0.1, 600), "RequestTimeout must be from 100 ms to 10 min.");
        return errors;

        void Require(bool isTrue, string error)
        {
            if (!isTrue)
            {
                errors.Add(error);
            }
        }
    }

    /// <summary>Returns the options without the key, which must not get into logs.</summary>
    public override string ToString() => $"{Source} to {Address}";

    private static bool IsWithin(TimeSpan time, double minSeconds, double maxSeconds) => time.TotalSeconds >= minSeconds && time.TotalSeconds <= maxSeconds;
}
