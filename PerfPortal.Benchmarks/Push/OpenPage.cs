using Microsoft.Playwright;

namespace PerfPortal.Benchmarks.Push;

/// <summary>What a page's main thread did, on average over the updates that it took in.</summary>
/// <param name="Updates">Updates.</param>
/// <param name="TaskMs">Processor time of everything that ran on the thread, for each update, milliseconds.</param>
/// <param name="ScriptMs">Of it scripts.</param>
/// <param name="LayoutMs">Of it styles and layout.</param>
/// <param name="Bytes">Bytes that the server sent, for each update.</param>
internal sealed record MainThread(int Updates, double TaskMs, double ScriptMs, double LayoutMs, double Bytes);

/// <summary>A dashboard that is open in a browser, in a window and with cookies of its own.</summary>
internal sealed class OpenPage
{
    /// <summary>What the server sends within this time belongs to one update; the portal makes at most one a second.</summary>
    private const double Together = 0.5;

    private readonly Lock _lock = new();
    private double _updatedAt = double.NegativeInfinity;
    private int _updates;
    private long _bytes;

    private OpenPage(IPage page)
    {
        Page = page;
        page.WebSocket += (_, socket) => socket.FrameReceived += (_, frame) => Count(frame.Binary ?? []);
    }

    /// <summary>The page.</summary>
    public IPage Page { get; }

    /// <summary>Opens a dashboard and waits until its charts are drawn.</summary>
    /// <param name="browser">Where.</param>
    /// <param name="address">The dashboard with its range.</param>
    /// <exception cref="TimeoutException">No chart was drawn in a minute.</exception>
    public static async Task<OpenPage> OpenAsync(IBrowser browser, Uri address)
    {
        var context = await browser.NewContextAsync(new() { ViewportSize = new() { Width = 1440, Height = 900 } });
        var page = new OpenPage(await context.NewPageAsync());
        await page.Page.GotoAsync(address.ToString(), new() { Timeout = 60_000 });
        await page.Page.Locator(".chart-canvas canvas").First.WaitForAsync(new() { Timeout = 60_000 });
        return page;
    }

    /// <summary>Scrolls so that the charts are in view.</summary>
    public Task ShowChartsAsync() => Page.EvaluateAsync("document.querySelector('.charts').scrollIntoView()");

    /// <summary>Looks at its main thread for a while.</summary>
    /// <exception cref="InvalidDataException">Nothing was updated.</exception>
    public async Task<MainThread> WatchAsync(TimeSpan duration, CancellationToken cancellationToken)
    {
        var session = await Page.Context.NewCDPSessionAsync(Page);

        // Processor time, not the clock's: what else runs on the machine must not count.
        await session.SendAsync("Performance.enable", new Dictionary<string, object> { ["timeDomain"] = "threadTicks" });
        var before = await ReadAsync(session);
        (int updates, long bytes) = Counted();
        await Task.Delay(duration, cancellationToken);
        var after = await ReadAsync(session);
        (int updatesAfter, long bytesAfter) = Counted();
        await session.DetachAsync();
        updates = updatesAfter - updates;
        double Milliseconds(string name) => (after[name] - before[name]) * 1000 / updates;
        return updates > 0
            ? new(updates, Milliseconds("TaskDuration"), Milliseconds("ScriptDuration"), Milliseconds("LayoutDuration") + Milliseconds("RecalcStyleDuration"), (bytesAfter - bytes) / (double)updates)
            : throw new InvalidDataException("The page was not updated.");
    }

    private static async Task<Dictionary<string, double>> ReadAsync(ICDPSession session)
    {
        var answer = await session.SendAsync("Performance.getMetrics");
        return answer!.Value.GetProperty("metrics").EnumerateArray()
            .ToDictionary(metric => metric.GetProperty("name").GetString()!, metric => metric.GetProperty("value").GetDouble(), StringComparer.Ordinal);
    }

    private (int Updates, long Bytes) Counted()
    {
        lock (_lock)
        {
            return (_updates, _bytes);
        }
    }

    private void Count(byte[] frame)
    {
        double now = TimeProvider.System.GetElapsedTime(0).TotalSeconds;
        lock (_lock)
        {
            _bytes += frame.Length;
            if (frame.AsSpan().IndexOf("JS.RenderBatch"u8) >= 0 && now - _updatedAt >= Together)
            {
                _updates++;
                _updatedAt = now;
            }
        }
    }
}
