using System.Collections.Concurrent;
using System.Security.Cryptography;
using PerfPortal.Domain.Advice;
using PerfPortal.Domain.Journal;
using PerfPortal.Domain.Models.Downloads;
using PerfPortal.Domain.Operations;
using PerfPortal.Domain.Tracking;
using Xunit;

namespace PerfPortal.Tests.Models.Downloads;

/// <summary>A downloader with its own directory, quick retries and the operations that it reports.</summary>
internal sealed class DownloadBench : IAsyncDisposable
{
    private readonly RecordingSink _sink = new();
    private readonly PerformanceTracker _tracker;
    private readonly HttpMessageHandler? _handler;

    public DownloadBench(Func<DownloaderOptions, DownloaderOptions>? change = null, HttpMessageHandler? handler = null)
    {
        Root = Directory.CreateTempSubdirectory("perfportal-download-").FullName;
        Target = Directory.CreateDirectory(Path.Join(Root, "models")).FullName;
        Options = new()
        {
            StateDirectory = Path.Join(Root, "state"),
            Source = "host",
            MaxRetryDelay = TimeSpan.FromMilliseconds(100),
            StallTimeout = TimeSpan.FromSeconds(20),
            Connections = 4,
        };
        Options = change?.Invoke(Options) ?? Options;
        _handler = handler;
        _tracker = new(new(), _sink, TimeProvider.System);
        Downloader = Open();
    }

    public static CancellationToken Token => TestContext.Current.CancellationToken;

    public string Root { get; }

    public string Target { get; }

    public DownloaderOptions Options { get; set; }

    public ModelDownloader Downloader { get; private set; }

    public PerformanceTracker Tracker => _tracker;

    /// <summary>The operations that have ended.</summary>
    public IReadOnlyList<Operation> Operations
    {
        get
        {
            _tracker.Drain();
            return [.. _sink.Ended];
        }
    }

    public static byte[] Random(int length, int seed = 1)
    {
        byte[] bytes = new byte[length];
        new Random(seed).NextBytes(bytes);
        return bytes;
    }

    public static string Sha256(byte[] content) => Convert.ToHexStringLower(SHA256.HashData(content));

    public string PathOf(string path = "model.bin") => Path.Join(Target, path);

    public DownloadRequest Request(Uri url, string? sha256 = null, long? size = null, string path = "model.bin", params Uri[] mirrors) =>
        new() { Directory = Target, Files = [new() { Url = url, Path = path, Sha256 = sha256, SizeBytes = size, Mirrors = mirrors }] };

    public Task<DownloadResult> LoadAsync(DownloadRequest request) => Downloader.DownloadAsync(request, Token);

    public Task<DownloadResult> LoadAsync(OddServer server) => LoadAsync(Request(server.Url()));

    /// <summary>Another downloader on the same state, as after a restart.</summary>
    public async Task ReopenAsync()
    {
        await Downloader.DisposeAsync();
        Downloader = Open();
    }

    public async ValueTask DisposeAsync()
    {
        await Downloader.DisposeAsync();
        Directory.Delete(Root, recursive: true);
    }

    private ModelDownloader Open() => new(Options, _tracker, new NoAdvice(), TimeProvider.System, null, _handler);

    private sealed class NoAdvice : IAdviser
    {
        public ValueTask<IReadOnlyList<AdviceItem>> AdviseAsync(AdviceQuestion question, CancellationToken cancellationToken) => new([]);
    }

    private sealed class RecordingSink : IOperationSink
    {
        public ConcurrentQueue<Operation> Ended { get; } = new();

        public bool IsClosed => false;

        public bool HasRoomFor(int entries) => true;

        public bool TrySubmit(IReadOnlyList<JournalEntry> entries)
        {
            foreach (var entry in entries.OfType<OperationEnded>())
            {
                Ended.Enqueue(entry.Operation);
            }

            return true;
        }
    }
}
