using System.Net;

namespace PerfPortal.Domain.Models.Downloads;

/// <summary>The options of a <see cref="ModelDownloader"/>.</summary>
public sealed record DownloaderOptions
{
    /// <summary>Where the state of the downloads is kept, in <c>downloads/ID.json</c>. One downloader has it for itself.</summary>
    public required string StateDirectory { get; init; }

    /// <summary>The source that the operations carry; <see langword="null"/> for that of the tracker.</summary>
    public string? Source { get; init; }

    /// <summary>The downloads that run at the same time, 1–64; further ones wait. 3 by default.</summary>
    public int MaxRunning { get; init; } = 3;

    /// <summary>The connections of one download, 1–16; <see langword="null"/> takes what is advised.</summary>
    public int? Connections { get; init; }

    /// <summary>The files that one download loads at the same time, 1–16; <see langword="null"/> takes what is advised.</summary>
    public int? Concurrency { get; init; }

    /// <summary>The most that all downloads together receive, bytes per second, above 0; <see langword="null"/> for no limit.</summary>
    public long? MaxBytesPerSecond { get; init; }

    /// <summary>The most that is received from each host, bytes per second, above 0; <see langword="null"/> for no limit.</summary>
    public long? MaxBytesPerSecondPerHost { get; init; }

    /// <summary>How often in a row, without progress, a connection tries again, 0–100. 8 by default.</summary>
    public int MaxRetries { get; init; } = 8;

    /// <summary>The longest delay before a retry that nobody asked for. 60 s by default.</summary>
    public TimeSpan MaxRetryDelay { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>The longest wait that a server may ask for with Retry-After; beyond it the download fails. 5 min by default.</summary>
    public TimeSpan MaxRetryAfter { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>How long an attempt may be without progress; <see langword="null"/> takes what is advised.</summary>
    public TimeSpan? StallTimeout { get; init; }

    /// <summary>How long a connection may take to be made. 15 s by default.</summary>
    public TimeSpan ConnectTimeout { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>The redirects that one request follows, 0–50. 10 by default.</summary>
    public int MaxRedirects { get; init; } = 10;

    /// <summary>The proxy; <see langword="null"/> takes the one that the environment names.</summary>
    public IWebProxy? Proxy { get; init; }

    /// <summary>Decides, when a connection is made, about the address; <see langword="null"/> allows all. A server that downloads for others refuses private ones here.</summary>
    public Func<IPAddress, bool>? AllowAddress { get; init; }

    /// <summary>What to do about an address that <see cref="AllowAddress"/> refuses, as a sentence for people; <see langword="null"/> for nothing.</summary>
    public string? AllowAddressHint { get; init; }

    /// <summary>Gives the value of the Authorization header for the address of a file when the request has none, such as a token from the environment.</summary>
    public Func<Uri, string?>? Authorize { get; init; }

    /// <summary>Whether downloads that ran when the process ended are continued at the start.</summary>
    public bool ResumeInterrupted { get; init; }

    /// <summary>
    /// Whether <see cref="Manifests.ModelManifest"/> in the directory of a download notes its files with their hashes, for the health monitor. Not in the layout of the Hugging Face cache, whose file names are hashes.
    /// </summary>
    public bool WriteManifest { get; init; }

    /// <summary>The downloads that are remembered, 1–10,000, beyond those in progress; the ones that ended first are forgotten. 1,000 by default.</summary>
    public int MaxRemembered { get; init; } = 1_000;

    /// <summary>The free bytes of the file system that holds a directory.</summary>
    internal Func<string, long?> FreeBytes { get; init; } = Files.Volumes.FreeBytes;

    /// <summary>Random numbers from 0 to below 1; thread-safe.</summary>
    internal Func<double> NextRandom { get; init; } = Random.Shared.NextDouble;

    /// <summary>Checks the values.</summary>
    /// <exception cref="ArgumentException">One is out of its bounds.</exception>
    internal void Check()
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(StateDirectory);
        Check(nameof(MaxRunning), MaxRunning, 1, 64);
        Check(nameof(Connections), Connections, 1, 16);
        Check(nameof(Concurrency), Concurrency, 1, 16);
        Check(nameof(MaxBytesPerSecond), MaxBytesPerSecond, 1, long.MaxValue);
        Check(nameof(MaxBytesPerSecondPerHost), MaxBytesPerSecondPerHost, 1, long.MaxValue);
        Check(nameof(MaxRetries), MaxRetries, 0, 100);
        Check(nameof(MaxRedirects), MaxRedirects, 0, 50);
        Check(nameof(MaxRemembered), MaxRemembered, 1, 10_000);
    }

    private static void Check(string name, long? value, long least, long most)
    {
        if (value < least || value > most)
        {
            throw new ArgumentException($"{name} must be from {least} to {most}.");
        }
    }
}
