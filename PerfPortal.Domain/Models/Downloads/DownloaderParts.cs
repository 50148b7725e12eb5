using Microsoft.Extensions.Logging;
using PerfPortal.Domain.Advice;
using PerfPortal.Domain.Models.Downloads.Files;
using PerfPortal.Domain.Models.Downloads.Transfers;
using PerfPortal.Domain.Models.Downloads.Transport;
using PerfPortal.Domain.Tracking;

namespace PerfPortal.Domain.Models.Downloads;

/// <summary>What all downloads of a downloader share.</summary>
internal sealed class DownloaderParts : IDisposable
{
    private readonly HttpMessageHandler? _handler;
    private readonly SourceClient _client;

    /// <summary>Creates them.</summary>
    public DownloaderParts(
        DownloaderOptions options, PerformanceTracker tracker, IAdviser adviser, TimeProvider time, ILogger? logger, HttpMessageHandler? handler)
    {
        Options = options;
        Tracker = tracker;
        Trial = new(adviser, options.NextRandom);
        Time = time;
        Logger = logger;
        _handler = handler;
        _client = CreateClient(options.Proxy);
        Hosts = new(options.MaxBytesPerSecondPerHost, options.MaxBytesPerSecond, time);
        Space = new(options.FreeBytes);
        Turns = new(options.MaxRunning);
    }

    public DownloaderOptions Options { get; }

    public PerformanceTracker Tracker { get; }

    public AdviceTrial Trial { get; }

    public TimeProvider Time { get; }

    public ILogger? Logger { get; }

    public HostLimits Hosts { get; }

    public SpaceBook Space { get; }

    public SharedTransfers Shared { get; } = new();

    /// <summary>The turns of the downloads that run.</summary>
    public SemaphoreSlim Turns { get; }

    /// <summary>Returns the client for a proxy, and whether the caller has to dispose it.</summary>
    public (SourceClient Client, bool IsOwn) ClientFor(Uri? proxy) =>
        proxy is null || _handler is not null ? (_client, false) : (CreateClient(ProxyAddress.ToProxy(proxy)), true);

    /// <inheritdoc/>
    public void Dispose()
    {
        _client.Dispose();
        Turns.Dispose();
    }

    private SourceClient CreateClient(System.Net.IWebProxy? proxy) =>
        new(new(Options, proxy), Time, _handler);
}
