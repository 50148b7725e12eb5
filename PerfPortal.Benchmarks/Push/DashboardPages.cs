using System.Net.Sockets;
using Microsoft.Playwright;
using PerfPortal.Benchmarks.Measuring;

namespace PerfPortal.Benchmarks.Push;

/// <summary>Measures open browser pages: the memory of the server for each, and the main thread of a dashboard.</summary>
internal static class DashboardPages
{
    private const double Mebibyte = 1 << 20;
    private static readonly TimeSpan Settling = TimeSpan.FromSeconds(10);

    /// <summary>Measures a portal of its own, on a day of data and under load.</summary>
    /// <param name="pages">Pages whose memory is measured.</param>
    /// <param name="watched">For how long a page's main thread is looked at.</param>
    /// <param name="progress">Receives progress messages.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public static async Task<IReadOnlyList<MeasuredRow>> MeasureAsync(int pages, TimeSpan watched, TextWriter progress, CancellationToken cancellationToken)
    {
        if (Chromium.Find() is not { } path)
        {
            return [new("a page open on the dashboard: not measured, no Chromium was found", double.NaN, "")];
        }

        string directory = Directory.CreateTempSubdirectory("perfportal-pages-").FullName;
        string socket = Path.Combine(directory, "memory");
        var hook = new Dictionary<string, string> { ["DOTNET_STARTUP_HOOKS"] = typeof(StartupHook).Assembly.Location, [StartupHook.SocketVariable] = socket };
        try
        {
            await using var portal = await PortalProcess.StartAsync(null, hook, cancellationToken);
            using var data = new DashboardData(portal.Api);
            await progress.WriteLineAsync("Filling a day ...");
            await data.FillAsync(cancellationToken);
            using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            var load = data.GoOnAsync(stop.Token);
            using var playwright = await Playwright.CreateAsync();
            var rows = await WithBrowserAsync(portal, socket, playwright, path, pages, watched, progress, cancellationToken);
            await stop.CancelAsync();
            await load;
            return rows;
        }
        finally
        {
            Directory.Delete(directory, recursive: true);
        }
    }

    private static async Task<IReadOnlyList<MeasuredRow>> WithBrowserAsync(
        PortalProcess portal, string socket, IPlaywright playwright, string path, int pages, TimeSpan watched, TextWriter progress, CancellationToken cancellationToken)
    {
        var rows = new List<MeasuredRow>();
        foreach (string window in new[] { "24h", "15m" })
        {
            await progress.WriteLineAsync($"A page on the last {window} ...");
            await using var browser = await Chromium.LaunchAsync(playwright, path);
            var page = await OpenPage.OpenAsync(browser, new(portal.BaseAddress, $"?window={window}"));
            await Task.Delay(Settling, cancellationToken);
            rows.AddRange(Rows(window, await page.WatchAsync(watched, cancellationToken)));
            await page.ShowChartsAsync();
            await Task.Delay(Settling, cancellationToken);
            rows.Add(new($"the same, scrolled to where all charts are in view ({window})", (await page.WatchAsync(watched, cancellationToken)).TaskMs, "ms"));
        }

        rows.AddRange(await MemoryAsync("the dashboard", "?window=24h", maxMebibytes: 2));
        rows.AddRange(await MemoryAsync("Operations with 50 rows", "operations?window=24h", maxMebibytes: 3));
        return rows;

        async Task<IReadOnlyList<MeasuredRow>> MemoryAsync(string what, string address, double maxMebibytes)
        {
            // The first page is not counted: it loads code and data that all pages share.
            await progress.WriteLineAsync($"{pages} pages on {what} ...");
            await using var browser = await Chromium.LaunchAsync(playwright, path);
            var opened = new Uri(portal.BaseAddress, address);
            await OpenPage.OpenAsync(browser, opened);
            await Task.Delay(Settling, cancellationToken);
            var (managed, resident) = await UsedAsync(portal, socket, cancellationToken);
            for (int page = 0; page < pages; page++)
            {
                await OpenPage.OpenAsync(browser, opened);
            }

            await Task.Delay(Settling, cancellationToken);
            var (managedAfter, residentAfter) = await UsedAsync(portal, socket, cancellationToken);
            return
            [
                new($"a page open on {what}, server's managed memory after a full collection, of {pages}", (managedAfter - managed) / Mebibyte / pages, "MiB", Goal: Goal.AtMost(maxMebibytes)),
                new("the same, server's resident memory", (residentAfter - resident) / Mebibyte / pages, "MiB"),
            ];
        }
    }

    private static IEnumerable<MeasuredRow> Rows(string window, MainThread thread) =>
    [
        new($"a page open on the dashboard ({window}), processor time of its main thread, an update", thread.TaskMs, "ms", Goal: Goal.AtMost(40)),
        new($"of it scripts ({window})", thread.ScriptMs, "ms"),
        new($"of it styles and layout ({window})", thread.LayoutMs, "ms"),
        new($"sent to the page, an update ({window})", thread.Bytes, "bytes"),
        new($"updates that were looked at ({window})", thread.Updates, ""),
    ];

    /// <summary>The managed memory of the portal after a full collection, and its resident memory then, bytes.</summary>
    private static async Task<(long Managed, long Resident)> UsedAsync(PortalProcess portal, string path, CancellationToken cancellationToken)
    {
        using var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        await socket.ConnectAsync(new UnixDomainSocketEndPoint(path), cancellationToken);
        byte[] answer = new byte[sizeof(long)];
        int length = await socket.ReceiveAsync(answer, cancellationToken);
        return length == answer.Length ? (BitConverter.ToInt64(answer), portal.ResidentBytes) : throw new InvalidDataException("The portal did not tell its memory.");
    }
}
