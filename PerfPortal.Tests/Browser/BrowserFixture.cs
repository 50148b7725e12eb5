using Microsoft.Playwright;
using PerfPortal.Tests.Hosting;
using Xunit;

namespace PerfPortal.Tests.Browser;

/// <summary>A portal as a process of its own and a Chromium to look at it. Without a browser the tests skip; under CI they fail.</summary>
public sealed class BrowserFixture : IAsyncLifetime
{
    private static readonly string[] Arguments =
        ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync"];

    private static readonly string[] Names = ["chromium", "chromium-browser", "google-chrome"];

    private readonly string _directory = Directory.CreateTempSubdirectory("perfportal-browser-").FullName;
    private PortalProcess? _portal;
    private IPlaywright? _playwright;
    private IBrowser? _browser;

    internal PortalProcess Portal => _portal ?? throw new InvalidOperationException("The portal was not started.");

    /// <summary>Where the portal listens.</summary>
    public Uri Address => Portal.Client.Http.BaseAddress!;

    /// <inheritdoc/>
    public async ValueTask InitializeAsync()
    {
        if (Find() is not { } path)
        {
            return;
        }

        _portal = await PortalProcess.StartAsync(_directory);
        _playwright = await Playwright.CreateAsync();
        _browser = await _playwright.Chromium.LaunchAsync(new() { ExecutablePath = path, Args = Arguments });
    }

    /// <summary>A page in a window of its own.</summary>
    public async Task<IPage> OpenAsync(int width, ColorScheme scheme)
    {
        if (_browser is null)
        {
            Assert.False(Environment.GetEnvironmentVariable("CI") == "true", "No Chromium was found, and CI must have one.");
            Assert.Skip("No Chromium was found: set PERFPORTAL_BROWSER or install chromium.");
        }

        // axe is put into the page by the test, which the portal's own policy rightly forbids.
        var context = await _browser.NewContextAsync(new() { ViewportSize = new() { Width = width, Height = 900 }, ColorScheme = scheme, BypassCSP = true });
        return await context.NewPageAsync();
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
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

    private static string? Find()
    {
        string? named = Environment.GetEnvironmentVariable("PERFPORTAL_BROWSER");
        string[] folders = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator);
        return !string.IsNullOrEmpty(named)
            ? named
            : folders.SelectMany(folder => Names.Select(name => Path.Combine(folder, name))).FirstOrDefault(File.Exists);
    }
}
