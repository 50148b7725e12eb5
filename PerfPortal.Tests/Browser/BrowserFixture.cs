using Microsoft.Playwright;
using PerfPortal.Tests.Hosting;
using Xunit;
using Chromium = PerfPortal.Benchmarks.Measuring.Chromium;

namespace PerfPortal.Tests.Browser;

/// <summary>A portal as a process of its own and a Chromium to look at it. Without a browser the tests skip; under CI they fail.</summary>
public class BrowserFixture : IAsyncLifetime
{
    // A loaded machine answers late.
    private const float ExpectTimeoutMs = 30_000;

    private readonly string _directory = Directory.CreateTempSubdirectory("perfportal-browser-").FullName;
    private PortalProcess? _portal;
    private Uri? _stopped;
    private IPlaywright? _playwright;
    private IBrowser? _browser;

    internal PortalProcess Portal => _portal ?? throw new InvalidOperationException("The portal was not started.");

    /// <summary>Where the portal listens.</summary>
    public Uri Address => Portal.Client.Http.BaseAddress!;

    /// <inheritdoc/>
    public async ValueTask InitializeAsync()
    {
        if (Chromium.Find() is not { } path)
        {
            return;
        }

        _portal = await PortalProcess.StartAsync(_directory);
        await PrepareAsync();
        Assertions.SetDefaultExpectTimeout(ExpectTimeoutMs);
        _playwright = await Playwright.CreateAsync();
        _browser = await Chromium.LaunchAsync(_playwright, path);
    }

    /// <summary>Reports what the tests need, right after the portal has started.</summary>
    protected virtual Task PrepareAsync() => Task.CompletedTask;

    /// <summary>Ends the portal as a crash does.</summary>
    public async Task StopPortalAsync()
    {
        _stopped = Address;
        await Portal.KillAsync();
        await Portal.DisposeAsync();
        _portal = null;
    }

    /// <summary>Starts the portal again, where it was.</summary>
    public async Task StartPortalAsync() => _portal = await PortalProcess.StartAsync(_directory, _stopped!.GetLeftPart(UriPartial.Authority));

    /// <summary>A page in a window of its own.</summary>
    public async Task<IPage> OpenAsync(int width, ColorScheme scheme, string? timeZone = null)
    {
        if (_browser is null)
        {
            Assert.False(Environment.GetEnvironmentVariable("CI") == "true", "No Chromium was found, and CI must have one.");
            Assert.Skip("No Chromium was found: set PERFPORTAL_BROWSER or install chromium.");
        }

        // axe is put into the page by the test, which the portal's own policy rightly forbids.
        var context = await _browser.NewContextAsync(new() { ViewportSize = new() { Width = width, Height = 900 }, ColorScheme = scheme, TimezoneId = timeZone, BypassCSP = true });
        return await context.NewPageAsync();
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        if (_browser is not null)
        {
            await _browser.DisposeAsync();
        }

        _playwright?.Dispose();
        if (_portal is not null)
        {
            await _portal.DisposeAsync();
        }

        Directory.Delete(_directory, recursive: true);
    }
}
