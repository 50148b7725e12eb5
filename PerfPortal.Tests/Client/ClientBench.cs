using PerfPortal.Domain.Client;
using PerfPortal.Domain.Operations;
using PerfPortal.Domain.Resources;
using PerfPortal.Tests.Hosting;
using PerfPortal.Tests.Sampling;
using Xunit;
using PortalClient = PerfPortal.Domain.Client.PortalClient;

namespace PerfPortal.Tests.Client;

/// <summary>A client, the portal that it reports to, and their clock.</summary>
internal sealed class ClientBench : IAsyncDisposable
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    private readonly Lazy<PortalClient> _client;

    public ClientBench(Func<PortalClientOptions, PortalClientOptions>? change = null)
    {
        Portal = new(Clock);
        var options = new PortalClientOptions { Address = new("http://portal.example/base/"), Key = "secret-key", Source = "host-a" };
        Options = change?.Invoke(options) ?? options;

        // Threads that use it first at the same time must get the same one.
        _client = new(() => new(Options, Portal, Clock, Log, () => 0.5));
    }

    public ArmedTimeProvider Clock { get; } = new(new(2026, 3, 10, 12, 0, 0, TimeSpan.Zero));

    public ScriptedPortal Portal { get; }

    public LogRecords Log { get; } = new();

    public PortalClientOptions Options { get; }

    /// <summary>The client, made when it is first used.</summary>
    public PortalClient Client => _client.Value;

    public PortalClientStatus Status => Client.Status;

    /// <summary>Tracks operations of one second that succeed.</summary>
    public void Track(params string[] names)
    {
        foreach (string name in names)
        {
            using var scope = Client.Tracker.Start(MetricType.ModelOperation, name);
            scope.Complete();
        }
    }

    public ResourceSample Sample(double cpu, double secondsAgo = 0) => new("host-a", Clock.GetUtcNow().AddSeconds(-secondsAgo)) { [ResourceMetric.CpuPercent] = cpu };

    /// <summary>Lets time pass until something is so.</summary>
    public async Task UntilAsync(Func<bool> condition, string what, double stepSeconds = 0.25)
    {
        _ = Client;
        long begin = TimeProvider.System.GetTimestamp();
        while (!condition())
        {
            Assert.True(TimeProvider.System.GetElapsedTime(begin) < Limit, $"It did not come to pass that {what}. {Client.Status}");
            Clock.Advance(TimeSpan.FromSeconds(stepSeconds));
            await Task.Delay(TimeSpan.FromMilliseconds(3), TestContext.Current.CancellationToken);
        }
    }

    /// <summary>Lets time pass.</summary>
    public async Task PassAsync(double seconds, double stepSeconds = 0.25)
    {
        var end = Clock.GetUtcNow().AddSeconds(seconds);
        await UntilAsync(() => Clock.GetUtcNow() >= end, "time passes", stepSeconds);
    }

    /// <summary>Disposes the client while time passes.</summary>
    public async Task CloseAsync()
    {
        var closing = Client.DisposeAsync().AsTask();
        await UntilAsync(() => closing.IsCompleted, "the client is closed");
        await closing;
    }

    public async ValueTask DisposeAsync()
    {
        Portal.Script = _ => null;
        await CloseAsync();
        Portal.Dispose();
    }
}
